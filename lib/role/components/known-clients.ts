/** Restriction class of port 25: what counts for clients that may send without a password. The gate's table names it. */
export const KNOWN_CLIENTS = 'known_client_restrictions';
