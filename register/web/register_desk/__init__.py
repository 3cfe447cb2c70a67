"""The register's desk: worklists, and the page on which a case is questioned, coded and closed."""
