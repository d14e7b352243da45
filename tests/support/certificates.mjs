// Certificates for tests, made by openssl(1) as an operator would.
import { execFileSync } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import tls from "node:tls";
import { temporary_folder } from "./folder.mjs";

/**
 * @typedef {object} Pair
 * @property {string} certificate   the path of a PEM file
 * @property {string} key           the path of its key
 * @property {string} pem           the certificate's text, for whoever is to trust it
 */

/** Every client of this test program believes it from now on. @param {Pair} pair */
export function trust(pair) {
  tls.setDefaultCACertificates([...tls.getCACertificates(), pair.pem]);
}

/** @param {string[]} words */
function openssl(words) {
  return execFileSync("openssl", words, { stdio: ["ignore", "pipe", "pipe"], encoding: "utf8" });
}

const short_key = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes"];

/**
 * A certificate that signs itself.
 * @param {{ names?: string[], days?: number }} [options] names as in subjectAltName
 * @returns {Pair}
 */
export function make_certificate({ names = ["DNS:localhost", "IP:127.0.0.1"], days = 30 } = {}) {
  const folder = temporary_folder();
  const certificate = join(folder, "certificate.pem");
  const key = join(folder, "key.pem");
  openssl(["req", "-x509", ...short_key, "-days", String(days), "-subj", `/CN=${names[0].slice(4)}`,
    "-addext", `subjectAltName=${names.join(",")}`, "-keyout", key, "-out", certificate]);
  return { certificate, key, pem: readFileSync(certificate, "utf8") };
}

/** One that was good for a month in 2020. @returns {Pair} */
export function make_expired_certificate() {
  const folder = temporary_folder();
  const path = (/** @type {string} */ name) => join(folder, name);
  writeFileSync(path("index"), "");
  writeFileSync(path("serial"), "01\n");
  writeFileSync(path("ca.conf"), `[ca]
default_ca = one
[one]
database = ${path("index")}
serial = ${path("serial")}
new_certs_dir = ${folder}
default_md = sha256
policy = any
[any]
commonName = supplied
`);
  openssl(["req", "-new", ...short_key, "-subj", "/CN=localhost", "-keyout", path("key.pem"), "-out", path("request.pem")]);
  openssl(["ca", "-batch", "-selfsign", "-notext", "-config", path("ca.conf"), "-keyfile", path("key.pem"),
    "-startdate", "20200101000000Z", "-enddate", "20200201000000Z", "-in", path("request.pem"), "-out", path("certificate.pem")]);
  return { certificate: path("certificate.pem"), key: path("key.pem"), pem: readFileSync(path("certificate.pem"), "utf8") };
}

/**
 * `[tls]` with these.
 * @param {Pair[]} pairs
 * @param {string} [more]   further lines of the section
 */
export function tls_section(pairs, more = "") {
  const list = (/** @type {string[]} */ paths) => `[${paths.map((path) => JSON.stringify(path)).join(", ")}]`;
  return `[tls]
certificates = ${list(pairs.map((pair) => pair.certificate))}
keys = ${list(pairs.map((pair) => pair.key))}
${more}
`;
}
