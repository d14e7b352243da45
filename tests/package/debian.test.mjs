// The package on a fresh Debian 12: it installs, serves and goes without a trace; and what the
// Dockerfile starts there serves, or says what it wants.
import assert from "node:assert/strict";
import { chmodSync, mkdtempSync, readdirSync, readFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { after, before, test } from "node:test";
import { run_program } from "../support/program.mjs";
import { start_server } from "../support/server.mjs";

const build = process.env.CARILLON_BUILD ?? "build/release";
const mirror = "http://deb.debian.org/debian";
const slow_ms = 600_000;
/** Making a root and entering it is for root alone. */
const as_root = process.getuid?.() === 0 ? [] : ["sudo", "-n"];
process.env.CARILLON_BINARY = "/usr/bin/carillon";  // the one inside
const root = mkdtempSync(join(tmpdir(), "carillon-debian-"));
const environment = { ...process.env, LC_ALL: "C", DEBIAN_FRONTEND: "noninteractive" };

/** Runs a command that must succeed. @param {string[]} words */
async function must(...words) {
  const [program, ...rest] = [...as_root, ...words];
  const end = await run_program(program, rest, { env: environment }, slow_ms);
  assert.equal(end.code, 0, `${words.join(" ")}:\n${end.output}${end.errors}`);
  return end.output;
}

/** The same inside the fresh system. @param {string[]} words */
const inside = (...words) => must("chroot", root, ...words);

/** How to start a server there: `command` is put in front of the test's own words. */
const entry = [...as_root, "chroot", root];

before(async () => {
  chmodSync(root, 0o755);  // other users enter it as well
  await must("debootstrap", "--variant=minbase", "bookworm", root, mirror);
  const packed = await run_program("cpack", ["-B", build], { cwd: build }, slow_ms);
  assert.equal(packed.code, 0, packed.output + packed.errors);
  const file = readdirSync(build).find((name) => /^carillon_.*\.deb$/.test(name));
  assert.ok(file, "cpack made a package");
  await must("cp", join(build, file), root);
  await inside("apt-get", "install", "-y", "--no-install-recommends", `/${basename(file)}`, "systemd");
});

after(() => must("rm", "-rf", "--one-file-system", root));

test("it is there, with a configuration that says nothing yet", async () => {
  assert.match(await inside("carillon", "version"), /^carillon \d+\.\d+\.\d+$/m);
  assert.equal(await inside("carillon", "check-config", "--config", "/etc/carillon/carillon.toml"), "ok\n");
  assert.equal(await inside("dpkg", "--verify", "carillon"), "");
});

test("it serves from there, as the packaged service would", async (context) => {
  const server = await start_server(context, {
    under: [...entry],
    args: ["--config", "/etc/carillon/carillon.toml", "--data-dir", "/var/lib/carillon"],
  });
  const sent = await server.http.publish("news", { text: "hi" });
  const read = await server.http.get("/api/messages?channel=news");
  assert.deepEqual(read.json.map((/** @type {any} */ message) => message.offset), [sent.offset]);
});

test("the unit is one that systemd understands", async () => {
  await inside("systemd-analyze", "verify", "--man=no", "/lib/systemd/system/carillon.service");
});

test("the Dockerfile's command serves whoever it is told to, and otherwise says what to set", async (context) => {
  const dockerfile = readFileSync(new URL("../../Dockerfile", import.meta.url), "utf8");
  const line = (/** @type {string} */ word) => new RegExp(`^${word} (.*)$`, "m").exec(dockerfile)?.[1] ?? "";
  const [entrypoint, command] = [line("ENTRYPOINT"), line("CMD")].map((text) => JSON.parse(text));
  const user = line("USER");
  const [uid, gid] = user.split(":");
  await inside("rm", "-rf", "/var/lib/carillon");  // root's
  await inside("install", "-d", "-o", uid, "-g", gid, "/var/lib/carillon");
  const under = [...as_root, "chroot", `--userspec=${user}`, root];
  // Port 8000 may be somebody's on the machine that tests.
  const words = [...entrypoint, ...command].map((word) => word.replace(":8000", ":0"));

  const silent = await run_program(under[0], [...under.slice(1), ...words], { env: environment });
  assert.equal(silent.code, 1);
  assert.match(silent.errors, /docker run -e[^]*CARILLON_ACCESS_ANONYMOUS=subscribe,publish/);

  assert.deepEqual([words[0], ...words.slice(1, 4)], [process.env.CARILLON_BINARY, "serve", "--listen", "0.0.0.0:0"]);
  const server = await start_server(context, {
    under,
    listen: ["0.0.0.0:0"],
    args: words.slice(4),
    environment: { CARILLON_ACCESS_ANONYMOUS: "subscribe,publish" },
  });
  const { port } = new URL(server.url);
  const sent = await fetch(`http://localhost:${port}/api/messages?channel=news`, { method: "POST", body: "hi" });
  assert.equal(sent.status, 200, await sent.text());
});

test("purged, it leaves nothing", async () => {
  await inside("dpkg", "--purge", "carillon");
  const left = await inside("find", "/etc", "/usr", "/lib", "/var/lib", "-name", "*carillon*");
  assert.equal(left, "");
});
