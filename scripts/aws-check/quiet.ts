/** Loaded first: the SDK would begin every run with what Node version it will want in 2027. */
process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED = 'true';
