import { type Component, configFile, executable } from '../component';
import { GATE, MAP_TYPE, PROGRAMS } from '../paths';
import apartScript from '../remote/apart.sh';
import deliverScript from '../remote/deliver.sh';
import buildProgram from '../remote/postfix-build.py';
import fragmentsScript from '../remote/postfix-fragments.py';
import activateScript from '../remote/postfix-gate/activate.sh';
import assembleScript from '../remote/postfix-gate/assemble.sh';
import buildScript from '../remote/postfix-gate/build.sh';
import commonScript from '../remote/postfix-gate/common.sh';
import locksScript from '../remote/postfix-gate/locks.sh';
import mainScript from '../remote/postfix-gate/main.sh';
import reloadScript from '../remote/postfix-gate/reload.sh';
import sourcesScript from '../remote/postfix-gate/sources.sh';
import validateScript from '../remote/postfix-gate/validate.sh';
import greetsScript from '../remote/postfix-greets.py';
import lookupsScript from '../remote/postfix-lookups.py';
import mapsScript from '../remote/postfix-maps.py';
import misnamedScript from '../remote/postfix-misnamed.py';
import accessRules from '../remote/postfix-rules/access.py';
import addressRules from '../remote/postfix-rules/addresses.py';
import candidateRules from '../remote/postfix-rules/candidate.py';
import classRules from '../remote/postfix-rules/classes.py';
import compilingRules from '../remote/postfix-rules/compiling.py';
import effectRules from '../remote/postfix-rules/effects.py';
import fileTable from '../remote/postfix-rules/file_table.py';
import fragmentRules from '../remote/postfix-rules/fragment.py';
import harmlessRules from '../remote/postfix-rules/harmless.py';
import idnRules from '../remote/postfix-rules/idn.py';
import judgementRules from '../remote/postfix-rules/judgement.py';
import lookupRules from '../remote/postfix-rules/lookups.py';
import nameRules from '../remote/postfix-rules/names.py';
import networkRules from '../remote/postfix-rules/networks.py';
import ownTableRules from '../remote/postfix-rules/own_tables.py';
import parameterRules from '../remote/postfix-rules/parameters.py';
import plainFile from '../remote/postfix-rules/plain_file.py';
import plainLines from '../remote/postfix-rules/plain_lines.py';
import parameterTable from '../remote/postfix-rules/postfix-parameters.json';
import receivedRules from '../remote/postfix-rules/received.py';
import recipientGraph from '../remote/postfix-rules/recipient_graph.py';
import recipientMeasures from '../remote/postfix-rules/recipient_measures.py';
import recipientTables from '../remote/postfix-rules/recipient_tables.py';
import recipientRules from '../remote/postfix-rules/recipients.py';
import restrictionRules from '../remote/postfix-rules/restrictions.py';
import spellingRules from '../remote/postfix-rules/spelling.py';
import senderRules from '../remote/postfix-rules/submission_senders.py';
import tableFiles from '../remote/postfix-rules/table_files.py';
import tableRules from '../remote/postfix-rules/tables.py';
import transportRules from '../remote/postfix-rules/transport.py';
import valueRules from '../remote/postfix-rules/values.py';
import sourcesProgram from '../remote/postfix-sources.py';
import trialScript from '../remote/postfix-trial.py';

/** What `postfix-maps` judges lines by; the same rules as those of the settings. */
const RULES = `${PROGRAMS}/postfix-rules`;

/** One program on the host, which is replaced as a whole. */
const gateScript = [
  commonScript.replace('@MAP_TYPE@', MAP_TYPE),
  locksScript,
  sourcesScript,
  assembleScript,
  validateScript,
  buildScript,
  activateScript,
  reloadScript,
  mainScript,
].join('\n');

/** The gate itself: installed as a file, run over the candidate before the change, and what main.cf and maps come from. */
export const gate: Component = () => ({
  packages: ['python3'],
  directories: [
    { path: '/var/lib/mailserver', owner: 'root', group: 'root', mode: '0755' },
    { path: '/var/lib/mailserver/postfix', owner: 'root', group: 'root', mode: '0755' },
    { path: PROGRAMS, owner: 'root', group: 'root', mode: '0755' },
    { path: RULES, owner: 'root', group: 'root', mode: '0755' },
  ],
  files: [
    executable(GATE, gateScript),
    executable(`${PROGRAMS}/apart`, apartScript),
    executable(`${PROGRAMS}/deliver`, deliverScript),
    executable(`${PROGRAMS}/postfix-build`, buildProgram),
    executable(`${PROGRAMS}/postfix-fragments`, fragmentsScript),
    executable(`${PROGRAMS}/postfix-greets`, greetsScript),
    executable(`${PROGRAMS}/postfix-lookups`, lookupsScript),
    executable(`${PROGRAMS}/postfix-maps`, mapsScript),
    executable(`${PROGRAMS}/postfix-misnamed`, misnamedScript),
    executable(`${PROGRAMS}/postfix-sources`, sourcesProgram),
    executable(`${PROGRAMS}/postfix-trial`, trialScript),
    configFile(`${RULES}/access.py`, accessRules),
    configFile(`${RULES}/addresses.py`, addressRules),
    configFile(`${RULES}/compiling.py`, compilingRules),
    configFile(`${RULES}/candidate.py`, candidateRules),
    configFile(`${RULES}/classes.py`, classRules),
    configFile(`${RULES}/harmless.py`, harmlessRules),
    configFile(`${RULES}/effects.py`, effectRules),
    configFile(`${RULES}/file_table.py`, fileTable),
    configFile(`${RULES}/fragment.py`, fragmentRules),
    configFile(`${RULES}/idn.py`, idnRules),
    configFile(`${RULES}/judgement.py`, judgementRules),
    configFile(`${RULES}/lookups.py`, lookupRules),
    configFile(`${RULES}/names.py`, nameRules),
    configFile(`${RULES}/networks.py`, networkRules),
    configFile(`${RULES}/own_tables.py`, ownTableRules),
    configFile(`${RULES}/parameters.py`, parameterRules),
    configFile(`${RULES}/plain_file.py`, plainFile),
    configFile(`${RULES}/plain_lines.py`, plainLines),
    configFile(`${RULES}/postfix-parameters.json`, `${JSON.stringify(parameterTable, null, 2)}\n`),
    configFile(`${RULES}/recipient_graph.py`, recipientGraph),
    configFile(`${RULES}/recipient_measures.py`, recipientMeasures),
    configFile(`${RULES}/recipient_tables.py`, recipientTables),
    configFile(`${RULES}/recipients.py`, recipientRules),
    configFile(`${RULES}/received.py`, receivedRules),
    configFile(`${RULES}/restrictions.py`, restrictionRules),
    configFile(`${RULES}/spelling.py`, spellingRules),
    configFile(`${RULES}/table_files.py`, tableFiles),
    configFile(`${RULES}/submission_senders.py`, senderRules),
    configFile(`${RULES}/tables.py`, tableRules),
    configFile(`${RULES}/transport.py`, transportRules),
    configFile(`${RULES}/values.py`, valueRules),
  ],
  validators: [{ name: 'Postfix', command: `"$CANDIDATE${GATE}" check "$CANDIDATE"` }],
  derived: [{ name: POSTFIX_CONFIGURATION, check: `${GATE} status`, build: `${GATE} apply` }],
});

/** Name of what the gate builds: main.cf, master.cf and the compiled maps. */
export const POSTFIX_CONFIGURATION = 'Postfix configuration';
