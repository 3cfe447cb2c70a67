/* The window in which somebody signed in again closes itself; the page that waited says the rest. */
window.addEventListener("load", () => setTimeout(() => window.opener && window.close(), 300));
