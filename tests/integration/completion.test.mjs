// What the program says of itself: each shell completes its real command line, and the manual has
// every command and option that `--help` has.
import assert from "node:assert/strict";
import { symlinkSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { test } from "node:test";
import { run_command } from "../support/command.mjs";
import { temporary_folder } from "../support/folder.mjs";
import { run_program } from "../support/program.mjs";
import { server_binary } from "../support/server.mjs";

/** A folder with the program under its own name, as the environment of a shell. */
function shell_environment() {
  const folder = temporary_folder();
  symlinkSync(resolve(server_binary()), join(folder, "carillon"));
  return { ...process.env, PATH: `${folder}:${process.env.PATH}`, HOME: folder, XDG_CONFIG_HOME: folder, XDG_DATA_HOME: folder };
}

/** What bash, told of the words, offers for the last one. @param {string[]} words */
async function bash_offers(words) {
  const script = `source <(carillon completion bash)
    COMP_WORDS=("$@") COMP_CWORD=$(($# - 1))
    complete -p carillon | grep -q _carillon && _carillon
    printf '%s\\n' "\${COMPREPLY[@]}"`;
  const { code, output, errors } = await run_program("bash", ["--norc", "-c", script, "bash", ...words], {
    env: shell_environment(), cwd: temporary_folder(),
  });
  assert.deepEqual([code, errors], [0, ""]);
  return output.split("\n").filter(Boolean);
}

/** @param {string} line */
async function fish_offers(line) {
  const script = `carillon completion fish | source; complete -C ${JSON.stringify(line)}`;
  const { code, output, errors } = await run_program("fish", ["--no-config", "-c", script], {
    env: shell_environment(), cwd: temporary_folder(),
  });
  assert.deepEqual([code, errors], [0, ""]);
  return output.split("\n").filter(Boolean).map((each) => each.split("\t")[0]);
}

/** The line after the tabulator key, in a zsh of its own terminal. @param {string} line */
async function zsh_completes(line) {
  const script = `zmodload zsh/zpty
    zpty shell zsh -f -i
    zpty -w shell 'PROMPT= RPROMPT=; unsetopt zle_bracketed_paste prompt_sp; stty -echo'
    zpty -w shell 'autoload -U compinit; compinit -u -D; source <(carillon completion zsh)'
    zpty -w shell 'finish() { print -r -- "<""<$BUFFER>"">"; exit }; zle -N finish; bindkey "^X" finish'
    zpty -w shell 'print RE''ADY'
    zpty -r -m shell seen '*READY*' || exit 3
    zpty -n -w shell ${JSON.stringify(line)}$'\\t'$'\\x18'
    zpty -r -m shell seen '*>>*' || exit 4
    print -r -- "\${\${seen#*<<}%>>*}"`;
  const { code, output, errors } = await run_program("zsh", ["-f", "-c", script], {
    env: { ...shell_environment(), TERM: "dumb" }, cwd: temporary_folder(),
  });
  assert.deepEqual([code, errors], [0, ""], output);
  return output.trim();
}

const commands = ["serve", "check-config", "pub", "sub", "channels", "token", "choose", "completion", "manual", "version"];

test("bash completes commands, options and their values", async () => {
  const all = await bash_offers(["carillon", ""]);
  assert.deepEqual(commands.filter((each) => !all.includes(each)), []);
  assert.deepEqual(await bash_offers(["carillon", "ch"]), ["check-config", "channels", "choose"]);
  assert.deepEqual(await bash_offers(["carillon", "sub", "--tr"]), ["--transport"]);
  assert.deepEqual(await bash_offers(["carillon", "sub", "chat", "--transport", "l"]), ["longpoll"]);
  assert.deepEqual(await bash_offers(["carillon", "pub", "--type", ""]), ["auto", "json", "text", "binary"]);
  assert.deepEqual(await bash_offers(["carillon", "completion", "z"]), ["zsh"]);
  assert.deepEqual(await bash_offers(["carillon", "sub", "--after", ""]), []);
});

test("bash completes the files that an option wants", async () => {
  const folder = temporary_folder();
  writeFileSync(join(folder, "my.toml"), "");
  assert.deepEqual(await bash_offers(["carillon", "serve", "--config", `${folder}/m`]), [`${folder}/my.toml`]);
  assert.deepEqual(await bash_offers(["carillon", "serve", "--data-dir", folder]), [folder]);
});

test("fish completes commands, options and their values", async () => {
  const all = await fish_offers("carillon ");
  assert.deepEqual(commands.filter((each) => !all.includes(each)), []);
  assert.deepEqual(await fish_offers("carillon sub --tr"), ["--transport"]);
  assert.deepEqual(await fish_offers("carillon sub --transport l"), ["longpoll"]);
  assert.deepEqual(await fish_offers("carillon completion z"), ["zsh"]);
});

test("zsh completes commands, options and their values", async () => {
  assert.equal(await zsh_completes("carillon che"), "carillon check-config");
  assert.equal(await zsh_completes("carillon sub --tr"), "carillon sub --transport");
  assert.equal(await zsh_completes("carillon sub --transport lo"), "carillon sub --transport longpoll");
  assert.equal(await zsh_completes("carillon completion f"), "carillon completion fish");
});

test("the manual has every command and option", async (context) => {
  const { code, output } = await run_command(context, ["manual"]);
  assert.equal(code, 0);
  assert.match(output, /^\.TH CARILLON 1 /);
  const manual = output.replaceAll("\\-", "-").replaceAll(/\\f[BIR]/g, "");
  for (const command of commands) {
    assert.ok(manual.includes(`\n.SS ${command}\n`), command);
    const help = await run_command(context, [command, "--help"]);
    const section = manual.slice(manual.indexOf(`\n.SS ${command}\n`) + 1).split(/\n\.S[SH] /)[0];
    for (const [option] of help.output.matchAll(/(?<=[\s,])--[a-z-]+/g)) {
      assert.match(section, new RegExp(`^(.*[ ,])?${option}( |,|$)`, "m"), `${command} ${option}`);
    }
  }
});
