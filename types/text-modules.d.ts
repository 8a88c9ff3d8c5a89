/** Scripts are imported as text: bundled by esbuild, read by a small transformer under jest. */
declare module '*.sh' {
  const text: string;
  export default text;
}
declare module '*.py' {
  const text: string;
  export default text;
}
declare module '*.pl' {
  const text: string;
  export default text;
}
declare module '*.conf' {
  const text: string;
  export default text;
}

/** Protocol texts are compiled: their services by full name, with the messages of each method. */
declare module '*.proto' {
  interface MessageType {
    encode(message: object): { finish(): Uint8Array };
    decode(bytes: Uint8Array): object;
    fromObject(value: object): object;
    toObject(message: object, options: object): object;
  }
  interface Method {
    readonly request: MessageType;
    readonly response: MessageType;
    readonly requestStream: boolean;
    readonly responseStream: boolean;
  }
  const services: Readonly<Record<string, Readonly<Record<string, Method>>>>;
  export default services;
  export type { MessageType, Method };
}
