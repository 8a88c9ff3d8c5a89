/**
 * cdktf and constructs keep a stack trace of every token and every piece of metadata. Jest maps each of its lines to the source, which
 * takes most of the time of a synthesis; no test looks at one.
 */
for (const module of ['cdktf/lib/tokens/private/stack-trace', 'constructs/lib/private/stack-trace']) {
  require(module).captureStackTrace = () => [];
}
