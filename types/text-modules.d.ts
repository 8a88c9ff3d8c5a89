/** Scripts and protocol files are imported as text: bundled by esbuild, read by a small transformer under jest. */
declare module '*.sh' {
  const text: string;
  export default text;
}
declare module '*.py' {
  const text: string;
  export default text;
}
declare module '*.proto' {
  const text: string;
  export default text;
}
declare module '*.conf' {
  const text: string;
  export default text;
}
