-- Who may do what in a database of the register, as lines that can be compared with those of another database.
-- Where nothing was granted the catalogue is empty and the usual rights of an owner hold: acldefault gives them.

WITH ours AS (
    SELECT oid, nspname, nspowner, nspacl FROM pg_namespace WHERE nspname !~ '^(pg_|information_schema$)'
), relations AS (
    SELECT c.oid, n.nspname, c.relname, c.relkind, c.relowner, c.relacl, c.relrowsecurity, c.relforcerowsecurity
    FROM pg_class c JOIN ours n ON n.oid = c.relnamespace WHERE c.relkind IN ('r', 'v', 'm', 'S', 'p', 'i')
), granted AS (
    SELECT concat('schema ', nspname) AS thing, coalesce(nspacl, acldefault('n', nspowner)) AS acl FROM ours
    UNION ALL
    SELECT concat('relation ', nspname, '.', relname),
           coalesce(relacl, acldefault((CASE relkind WHEN 'S' THEN 's' ELSE 'r' END)::"char", relowner))
    FROM relations WHERE relkind <> 'i'
    UNION ALL
    SELECT concat('column ', r.nspname, '.', r.relname, '.', a.attname), a.attacl
    FROM pg_attribute a JOIN relations r ON r.oid = a.attrelid WHERE NOT a.attisdropped AND a.attacl IS NOT NULL
    UNION ALL
    SELECT concat('function ', p.oid::regprocedure), coalesce(p.proacl, acldefault('f', p.proowner))
    FROM pg_proc p JOIN ours n ON n.oid = p.pronamespace
    UNION ALL
    SELECT concat('what ', pg_get_userbyid(d.defaclrole), ' makes in ', n.nspname, ' of kind ', d.defaclobjtype), d.defaclacl
    FROM pg_default_acl d LEFT JOIN ours n ON n.oid = d.defaclnamespace
)
SELECT concat_ws(' | ', thing, 'granted', coalesce(g.rolname, 'PUBLIC'), x.privilege_type, x.is_grantable)
FROM granted, aclexplode(acl) x LEFT JOIN pg_roles g ON g.oid = x.grantee
UNION ALL
SELECT concat_ws(' | ', 'schema', nspname, pg_get_userbyid(nspowner)) FROM ours
UNION ALL
SELECT concat_ws(' | ', 'relation', nspname, relname, relkind, pg_get_userbyid(relowner), relrowsecurity, relforcerowsecurity)
FROM relations
UNION ALL
SELECT concat_ws(' | ', 'column', r.nspname, r.relname, a.attname, format_type(a.atttypid, a.atttypmod), a.attnotnull,
                 a.attidentity, pg_get_expr(d.adbin, d.adrelid))
FROM pg_attribute a JOIN relations r ON r.oid = a.attrelid AND r.relkind IN ('r', 'v', 'p')
LEFT JOIN pg_attrdef d ON d.adrelid = a.attrelid AND d.adnum = a.attnum
WHERE a.attnum > 0 AND NOT a.attisdropped
UNION ALL
SELECT concat_ws(' | ', 'function', p.oid::regprocedure, pg_get_userbyid(p.proowner), p.prosecdef, p.proconfig,
                 md5(concat(p.prosrc, pg_get_function_sqlbody(p.oid))))
FROM pg_proc p JOIN ours n ON n.oid = p.pronamespace
UNION ALL
SELECT concat_ws(' | ', 'policy', r.nspname, r.relname, p.polname, p.polcmd, p.polpermissive,
                 (SELECT string_agg(pg_get_userbyid(o), ',' ORDER BY pg_get_userbyid(o)) FROM unnest(p.polroles) o),
                 pg_get_expr(p.polqual, p.polrelid), pg_get_expr(p.polwithcheck, p.polrelid))
FROM pg_policy p JOIN relations r ON r.oid = p.polrelid
UNION ALL
SELECT concat_ws(' | ', 'trigger', r.nspname, r.relname, t.tgenabled, pg_get_triggerdef(t.oid))
FROM pg_trigger t JOIN relations r ON r.oid = t.tgrelid WHERE NOT t.tgisinternal
UNION ALL
-- A dump writes the same condition of a constraint or an index with other casts and brackets.
SELECT concat_ws(' | ', 'constraint', r.nspname, r.relname, k.conname, k.convalidated,
                 regexp_replace(pg_get_constraintdef(k.oid), '::(character varying|text)(\[\])?|[()]', '', 'g'))
FROM pg_constraint k JOIN relations r ON r.oid = k.conrelid
UNION ALL
SELECT concat_ws(' | ', 'index', nspname,
                 regexp_replace(pg_get_indexdef(oid), '::(character varying|text)(\[\])?|[()]', '', 'g'))
FROM relations WHERE relkind = 'i'
UNION ALL
SELECT concat_ws(' | ', 'extension', extname, extversion) FROM pg_extension
