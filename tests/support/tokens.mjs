// Tokens by an implementation that is not ours: Node's own crypto.
import { createHmac, generateKeyPairSync, sign, constants } from "node:crypto";

export const secret = "a secret of the application's back end";

/** @typedef {"HS256" | "HS384" | "HS512" | "RS256" | "PS256" | "ES256" | "EdDSA"} Algorithm */

/** Seconds since 1970. */
export const now_s = () => Math.floor(Date.now() / 1000);

/** @param {object | string} part */
const encoded = (part) => Buffer.from(typeof part === "string" ? part : JSON.stringify(part)).toString("base64url");

/**
 * @param {object} header @param {object | string} payload
 * @param {(text: string) => Buffer} make_signature
 */
export function assemble(header, payload, make_signature) {
  const text = `${encoded(header)}.${encoded(payload)}`;
  return `${text}.${make_signature(text).toString("base64url")}`;
}

/** Signed with the shared secret. @param {object} claims @param {string} [key] @param {Algorithm} [alg] */
export function token_of(claims, key = secret, alg = "HS256") {
  return assemble({ alg, typ: "JWT" }, claims, (text) =>
    createHmac(`sha${alg.slice(2)}`, key).update(text).digest());
}

/** A fresh pair of keys: what signs, and the public one as a JWK. @param {Algorithm} alg @param {string} kid */
export function key_pair(alg, kid) {
  const pair =
    alg === "ES256" ? generateKeyPairSync("ec", { namedCurve: "P-256" })
    : alg === "EdDSA" ? generateKeyPairSync("ed25519")
    : generateKeyPairSync("rsa", { modulusLength: 2048 });
  /** @param {object} claims @param {object} [header] */
  const token = (claims, header = {}) =>
    assemble({ alg, kid, ...header }, claims, (text) => {
      const data = Buffer.from(text);
      if (alg === "EdDSA") return sign(null, data, pair.privateKey);
      if (alg === "ES256") return sign("sha256", data, { key: pair.privateKey, dsaEncoding: "ieee-p1363" });
      if (alg === "RS256") return sign("sha256", data, pair.privateKey);
      return sign("sha256", data, { key: pair.privateKey, padding: constants.RSA_PKCS1_PSS_PADDING, saltLength: 32 });
    });
  return { token, public_key: pair.publicKey, jwk: { ...pair.publicKey.export({ format: "jwk" }), kid } };
}
