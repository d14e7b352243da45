// The address that an application gives, as the base of all others.
import { CarillonError } from "./errors.ts";

/** Ends in a slash. In a browser it may be relative to the page. Fails with `bad_url`. */
export function parseServerUrl(text: string): URL {
  let url: URL;
  try {
    url = new URL(text, globalThis.location?.href);
  } catch {
    throw new CarillonError("bad_url", `"${text}" is no URL`);
  }
  if (url.protocol === "ws:" || url.protocol === "wss:") url = new URL(url.href.replace(/^ws/, "http"));
  if (url.protocol !== "http:" && url.protocol !== "https:") {
    throw new CarillonError("bad_url", `"${text}" is no http or https URL`);
  }
  if (url.username !== "" || url.password !== "") {
    throw new CarillonError("bad_url", "a server's URL holds no user and password: give a `token`");
  }
  url.search = "";
  url.hash = "";
  if (!url.pathname.endsWith("/")) url.pathname += "/";
  return url;
}
