import { harmlessValues } from '../../text/harmless';
import type { DataSource } from '../framework/data-source';
import { issueDiagnostic } from '../framework/diagnostics';
import { toProperties } from '../framework/settings-values';
import { checkProperties } from '../framework/validation';
import { dnsAttributes, dnsSettingsAttributes } from './attributes';
import { expectationsOf } from './expectations';
import type { DnsParts } from './parts';
import { type DnsSettings, dnsSettings } from './settings';
import { verdictOf } from './verdict';

/** A plan does not wait long for servers that say nothing. Milliseconds for one question. */
const patience = 2000;

/** The data source `mailserver_dns`: what the world sees of a mail host, next to what it is to see. Never fails for what it sees. */
export function dnsDataSource(parts: DnsParts): DataSource {
  const valuesOf = (config: Parameters<DataSource['validate']>[0]) => toProperties(config, dnsSettingsAttributes);
  return {
    typeName: 'mailserver_dns',
    description: 'What authoritative servers and resolvers say of a mail host, next to what they are to say.',
    attributes: dnsAttributes,
    validate(config) {
      const values = valuesOf(config);
      return checkProperties(dnsSettings, values).map((issue) => issueDiagnostic(issue, dnsSettingsAttributes, values));
    },
    async read(config) {
      const settings = valuesOf(config) as DnsSettings;
      const expectations = expectationsOf(settings);
      const { rows } = await parts.look(expectations, {
        resolvers: settings.resolvers ?? parts.defaults.resolvers,
        timeoutMilliseconds: patience,
      });
      const verdicts = rows.map(
        (row, index) => [expectations[index]?.key ?? row.expectation.name, { ...verdictOf(row) }] as const,
      );
      const problems = rows.flatMap(({ objections }) => objections);
      return {
        state: { ...config, agreed: problems.length === 0, ...harmlessValues({ rows: Object.fromEntries(verdicts), problems }) },
        diagnostics: [],
      };
    },
  };
}
