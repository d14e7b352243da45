// The first question to a server: what it offers, where, and in which order it advises it.
import { CarillonError } from "./errors.ts";
import type { Http } from "./http.ts";
import { isObject, parseWire } from "./message.ts";

export const protocolVersion = 1;

export interface Discovery {
  /** URLs by name, in the server's order. */
  transports: Map<string, string>;
  commands: string;
}

/** Fails with `unreachable`, `silent`, `not_carillon` or `version`, or as the server refuses. */
export async function discover(http: Http, timeoutMs: number, signal: AbortSignal): Promise<Discovery> {
  const { text } = await http.text({ url: "api/transports", timeoutMs, signal, isPublic: true });
  const answer = parseWire(text);
  const offers = answer?.["transports"];
  if (!answer || !Array.isArray(offers) || typeof answer["commands"] !== "string") {
    throw new CarillonError("not_carillon", `${http.base.href} answers, but not as a Carillon server`);
  }
  if (answer["version"] !== protocolVersion) {
    const versions = `version ${answer["version"]} of the protocol; this client speaks ${protocolVersion}`;
    throw new CarillonError("version", `the server speaks ${versions}`);
  }
  const place = placer(http.base, answer["commands"]);
  const transports = new Map<string, string>();
  for (const offer of offers) {
    if (isObject(offer) && typeof offer["name"] === "string" && typeof offer["url"] === "string") {
      transports.set(offer["name"], place(offer["url"]));
    }
  }
  return { transports, commands: place(answer["commands"]) };
}

/** The server knows its own base path, but not one that a proxy before it takes away. */
function placer(base: URL, commands: string): (url: string) => string {
  const ownBase = commands.endsWith("/api/commands") ? commands.slice(0, -"/api/commands".length) : "";
  return (url) => {
    const isOwnPath = url.startsWith("/") && url.startsWith(ownBase);
    return new URL(isOwnPath ? url.slice(ownBase.length + 1) : url, base).href;
  };
}
