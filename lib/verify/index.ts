/**
 * What is true of a mail server from outside and from inside. Looking (DNS, SMTP, SSH) gives plain data; judging them is pure.
 */
export * from './dns';
