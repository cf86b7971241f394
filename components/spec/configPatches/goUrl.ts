/** A URL taken apart as Go's `net/url` does it, which is laxer than the WHATWG's. */
export interface GoUrl {
  readonly scheme: string;
  readonly hostname: string;
  readonly port: string;
  readonly path: string;
  /** It begins with a scheme or a slash, as the target of a request does. */
  readonly isRequestUri: boolean;
}

const CONTROL = /[\0-\x1f\x7f]/;
const SCHEME = /^([A-Za-z][A-Za-z0-9+.-]*):(.*)$/s;
const BAD_ESCAPE = /%(?![0-9A-Fa-f]{2})/;
const BAD_IN_HOST = /[\0-\x20"<>\\^`{|}\x7f]/;
const USER_INFO = /^[A-Za-z0-9\-._:~!$&'()*+,;=%@]*$/;

/** A text as a URL, or undefined where Go does not parse it. */
export function parseGoUrl(text: string): GoUrl | undefined {
  if (CONTROL.test(text)) return undefined;
  const [withoutFragment = ""] = text.split("#", 1);
  if (withoutFragment.startsWith(":")) return undefined;
  const [, scheme = "", afterScheme = withoutFragment] = SCHEME.exec(withoutFragment) ?? [];
  const [rest = ""] = afterScheme.split("?", 1);
  const base = { scheme: scheme.toLowerCase(), hostname: "", port: "", path: "" };
  const isRequestUri = scheme !== "" || rest.startsWith("/");
  if (scheme !== "" && !rest.startsWith("/")) return { ...base, isRequestUri };
  if (!rest.startsWith("/") && rest.split("/", 1)[0]!.includes(":")) return undefined;

  const hasAuthority = rest.startsWith("//") && (scheme !== "" || !rest.startsWith("///"));
  const [, authority = "", path = rest] = hasAuthority
    ? (/^\/\/([^/]*)(.*)$/s.exec(rest) ?? [])
    : [];
  if (BAD_ESCAPE.test(path)) return undefined;
  const host = parseAuthority(authority);
  return host && { ...base, ...host, path, isRequestUri };
}

function parseAuthority(authority: string): { hostname: string; port: string } | undefined {
  const at = authority.lastIndexOf("@");
  if (at >= 0 && !USER_INFO.test(authority.slice(0, at))) return undefined;
  const text = authority.slice(at + 1);
  if (BAD_IN_HOST.test(text)) return undefined;
  const bracketed = /^\[([^\]]*)\](.*)$/s.exec(text);
  if (!bracketed && text.includes("[")) return undefined;
  if (!bracketed && BAD_ESCAPE.test(text)) return undefined;
  const colon = text.indexOf(":");
  const [hostname, port] = bracketed
    ? [bracketed[1]!, bracketed[2]!]
    : colon < 0
      ? [text, ""]
      : [text.slice(0, colon), text.slice(colon)];
  return /^(:\d*)?$/.test(port) ? { hostname, port: port.slice(1) } : undefined;
}

/** Whether Talos takes a text for the URL of something that is reached over the network. */
export function isEndpointUri(text: string): boolean {
  const url = parseGoUrl(text);
  if (!url || url.hostname === "") return false;
  return url.port === "" || (Number(url.port) >= 1 && Number(url.port) <= 65535);
}
