// The certificate of every server that is measured with TLS: one key (P-256) and one kind for all.
import { execFileSync } from "node:child_process";
import { join } from "node:path";

/** @typedef {{ certificate: string, key: string }} Certificate paths of PEM files */

/** @param {string} folder @returns {Certificate} */
export function make_certificate(folder) {
  const made = { certificate: join(folder, "certificate.pem"), key: join(folder, "key.pem") };
  execFileSync("openssl", [
    "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days", "2",
    "-subj", "/CN=localhost", "-out", made.certificate, "-keyout", made.key,
  ], { stdio: "ignore" });
  return made;
}

/** Where Carillon listens, as its environment. @param {Certificate} [tls] */
export function listen_variables(tls) {
  if (!tls) return ["CARILLON_SERVER_LISTEN=127.0.0.1:0"];
  return [
    "CARILLON_SERVER_LISTEN=https://127.0.0.1:0",
    `CARILLON_TLS_CERTIFICATES=${tls.certificate}`,
    `CARILLON_TLS_KEYS=${tls.key}`,
  ];
}
