/** Domain names as DNS compares them: case does not count, one final dot does not count, everything else does (R31). */

/** A name without its final dot, in lower case. A second dot at the end is an error of the writer and stays visible. */
export function normalizeName(name: string): string {
  return name.toLowerCase().replace(/(?<=[^.])\.$/, '');
}

/** The name as it stands in the data of a PTR or MX record, where a missing final dot would append the zone. */
export function absoluteName(name: string): string {
  return `${normalizeName(name)}.`;
}

/** Whether two names are the same name to DNS; an exact comparison otherwise: `mail` is not `mail.example.com` (R31). */
export function sameName(a: string, b: string): boolean {
  return normalizeName(a) === normalizeName(b);
}

/** Whether `name` is `zone` itself or lies below it, counted in whole labels: `xexample.com` is not within `example.com`. */
export function isWithin(name: string, zone: string): boolean {
  return `.${normalizeName(name)}`.endsWith(`.${normalizeName(zone)}`);
}
