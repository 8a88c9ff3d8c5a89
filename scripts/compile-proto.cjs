/**
 * Turns a protocol text into a CommonJS module: its services, with the functions that protobufjs would otherwise write anew at
 * each start of the provider. Used by the bundler and by jest, for every import of a `.proto` file.
 */
const protobuf = require('protobufjs');

/** @returns {string} a module whose default export is `{ 'package.Service': { Method: { request, response, … } } }` */
exports.compileProto = (text) => {
  const { root } = protobuf.parse(text, { keepCase: true });
  root.resolveAll();
  const [types, services] = [protobuf.Type, protobuf.Service].map((kind) => members(root).filter((each) => each instanceof kind));
  const nameOf = (type) => `type${types.indexOf(type)}`;
  return [
    "const { Reader, Writer, util } = require('protobufjs/minimal');",
    // References go both ways between types, so the names are there before the functions.
    ...types.map((type) => `const ${nameOf(type)} = { ctor: ${constructorOf(type)} };`),
    ...types.map((type) => `Object.assign(${nameOf(type)}, ${functions(type, nameOf)});`),
    "Object.defineProperty(exports, '__esModule', { value: true });",
    `exports.default = { ${services.map((service) => serviceText(service, nameOf)).join(', ')} };`,
  ].join('\n');
};

const members = (space) => space.nestedArray.flatMap((each) => [each, ...(each.nestedArray ? members(each) : [])]);

/** A class whose instances have each field's default, as messages of protobufjs have. */
function constructorOf(type) {
  const own = type.fieldsArray.filter((field) => field.repeated || field.map);
  const shared = type.fieldsArray.filter((field) => !field.repeated && !field.map);
  const fields = own.map((field) => `this.${field.name} = ${field.map ? '{}' : '[]'};`);
  const defaults = shared.map((field) => `${field.name}: ${defaultOf(field)}`);
  return `Object.assign(function () { ${fields.join(' ')} }, { prototype: { ${defaults.join(', ')} } })`;
}

function defaultOf(field) {
  if (field.resolvedType instanceof protobuf.Type || field.partOf) return 'null';
  if (field.bytes) return 'util.newBuffer([])';
  return JSON.stringify(field.long ? Number(field.defaultValue) : field.defaultValue);
}

function functions(type, nameOf) {
  const types = type.fieldsArray.map(({ resolvedType }) => {
    if (resolvedType instanceof protobuf.Enum) return `{ values: ${JSON.stringify(resolvedType.values)} }`;
    return resolvedType ? nameOf(resolvedType) : 'undefined';
  });
  const { encoder, decoder, converter } = protobuf;
  const parts = {
    encode: encoder(type),
    decode: decoder(type),
    fromObject: converter.fromObject(type),
    toObject: converter.toObject(type),
  };
  const texts = Object.entries(parts).map(([name, code]) => `${name}: ${code.toString()}`);
  return `((types) => ({ ${texts.join(',\n')} }))([${types.join(', ')}])`;
}

function serviceText(service, nameOf) {
  const methods = service.methodsArray.map((method) => {
    const { resolvedRequestType: request, resolvedResponseType: response, requestStream, responseStream } = method;
    const streams = `requestStream: ${requestStream ?? false}, responseStream: ${responseStream ?? false}`;
    return `${method.name}: { request: ${nameOf(request)}, response: ${nameOf(response)}, ${streams} }`;
  });
  return `${JSON.stringify(service.fullName.slice(1))}: { ${methods.join(', ')} }`;
}
