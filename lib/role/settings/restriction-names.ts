/** Restrictions of Postfix 3.10 that stand alone (postconf(5), "smtpd_recipient_restrictions" and its kin). */
export const RESTRICTIONS: ReadonlySet<string> = new Set([
  ...['permit', 'reject', 'defer', 'defer_if_permit', 'defer_if_reject', 'warn_if_reject'],
  ...['permit_mynetworks', 'permit_sasl_authenticated', 'permit_tls_clientcerts', 'permit_tls_all_clientcerts'],
  ...['permit_auth_destination', 'permit_mx_backup', 'permit_inet_interfaces', 'permit_naked_ip_address'],
  ...['reject_unauth_destination', 'defer_unauth_destination', 'reject_unauth_pipelining'],
  ...['reject_invalid_helo_hostname', 'reject_non_fqdn_helo_hostname', 'reject_unknown_helo_hostname'],
  ...['reject_unknown_client_hostname', 'reject_unknown_reverse_client_hostname', 'reject_unknown_forward_client_hostname'],
  ...['reject_non_fqdn_sender', 'reject_non_fqdn_recipient', 'reject_unknown_sender_domain', 'reject_unknown_recipient_domain'],
  ...['reject_unlisted_sender', 'reject_unlisted_recipient', 'reject_unverified_sender', 'reject_unverified_recipient'],
  ...['reject_sender_login_mismatch', 'reject_authenticated_sender_login_mismatch', 'reject_known_sender_login_mismatch'],
  ...['reject_unauthenticated_sender_login_mismatch', 'reject_multi_recipient_bounce', 'reject_plaintext_session'],
]);

/** Restrictions that need the word after them: a table, a list, a service, seconds. */
export const RESTRICTIONS_WITH_ARGUMENT: ReadonlySet<string> = new Set([
  ...['check_client_access', 'check_helo_access', 'check_sender_access', 'check_recipient_access', 'check_etrn_access'],
  ...['check_ccert_access', 'check_sasl_access', 'check_reverse_client_hostname_access', 'check_policy_service'],
  ...['client', 'reverse_client_hostname', 'helo', 'sender', 'recipient'].flatMap((what) =>
    ['a', 'mx', 'ns'].map((type) => `check_${what}_${type}_access`),
  ),
  ...['reject_rbl_client', 'permit_dnswl_client', 'permit_rhswl_client', 'reject_rhsbl_client', 'reject_rhsbl_helo'],
  ...['reject_rhsbl_reverse_client', 'reject_rhsbl_sender', 'reject_rhsbl_recipient', 'sleep'],
]);

/** Former names, which Postfix 3.10 still takes. */
export const FORMER_RESTRICTIONS: ReadonlySet<string> = new Set([
  ...['check_recipient_maps', 'check_relay_domains', 'reject_invalid_hostname', 'reject_maps_rbl', 'reject_non_fqdn_hostname'],
  ...['reject_unknown_address', 'reject_unknown_client', 'reject_unknown_hostname'],
]);
