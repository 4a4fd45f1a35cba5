// @ts-check
// `npm start`: gets everything ready, then shows the whole loop once: the quickstart program, the real Pulumi engine and an
// emulated cloud. Each step is checked; the exit code says whether all of them did what they should.

import fs from "node:fs";
import { createRequire } from "node:module";
import os from "node:os";
import path from "node:path";
import { duration, onInterrupt, run, runMain, say, UserError } from "./processes.mjs";
import { ensurePulumi } from "./pulumi-cli.mjs";
import { ROOT, setUp } from "./setup.mjs";

const require = createRequire(import.meta.url);
const { makeScratch } = /** @type {typeof import("./scratch.cjs")} */ (require("./scratch.cjs"));

/** @typedef {import("../emulator/index.ts").Emulator} Emulator */
/** @typedef {import("../emulator/index.ts").JournalEntry} JournalEntry */
/** @typedef {{ id: string, label: string }} LiveObject */

/**
 * What the tour has to know of a cloud. Another cloud is another entry here and another resource in the program.
 * @typedef {object} Cloud
 * @property {string} name
 * @property {string} site its name in the emulator's journal
 * @property {string} resource Pulumi name of the resource in the quickstart
 * @property {string} output stack output that names the object
 * @property {string} noun
 * @property {string} creates the call that makes the object
 * @property {string} deletes the call that removes it
 * @property {string} drifts the property that is changed behind Pulumi's back
 * @property {(emulator: Emulator) => string} url where it is emulated
 * @property {(emulator: Emulator) => Record<string, string>} environment
 * @property {(emulator: Emulator) => Record<string, string>} config settings of the stack
 * @property {(emulator: Emulator) => LiveObject[]} objects what the server holds, asked past the API
 * @property {(emulator: Emulator, id: string) => void} change changes the object past the API
 */

/** @type {Cloud[]} */
const CLOUDS = [
  {
    name: "ZStack",
    site: "zstack",
    resource: "duty-officers",
    output: "dutyUuid",
    noun: "DingTalk endpoint",
    creates: "CreateSNSDingTalkEndpoint",
    deletes: "DeleteSNSApplicationEndpoint",
    drifts: "name",
    url: ({ zstack }) => zstack.url,
    environment: ({ zstack }) => ({
      ZSTACK_ENDPOINT: zstack.url,
      ZSTACK_ACCOUNT_NAME: zstack.accountName,
      ZSTACK_ACCOUNT_PASSWORD: zstack.accountPassword,
    }),
    config: () => ({}),
    objects: ({ zstack }) =>
      zstack.endpoints
        .list()
        .filter(({ type }) => type === "DingTalk")
        .map(({ uuid, name }) => ({ id: uuid, label: name })),
    change: ({ zstack }, id) => zstack.endpoints.edit(id, { name: "renamed in the ZStack console" }),
  },
  {
    name: "Security Center",
    site: "securitycenter-china",
    resource: "security",
    output: "securityRobotId",
    noun: "DingTalk robot",
    creates: "CreateOrUpdateDingTalk",
    deletes: "DeleteDingTalk",
    drifts: "name",
    url: ({ securitycenter }) => securitycenter.china.url,
    environment: ({ securitycenter }) => ({
      ALIBABA_CLOUD_ACCESS_KEY_ID: securitycenter.accessKeyId,
      ALIBABA_CLOUD_ACCESS_KEY_SECRET: securitycenter.accessKeySecret,
      ALIBABA_CLOUD_ECS_METADATA_DISABLED: "true",
    }),
    config: ({ securitycenter }) => ({
      "securitycenter:site": "china",
      "securitycenter:endpoint": securitycenter.china.url,
    }),
    objects: ({ securitycenter }) =>
      securitycenter.china.robots.list().map(({ id, actionName }) => ({ id: String(id), label: actionName })),
    change: ({ securitycenter }, id) =>
      securitycenter.china.robots.edit(id, { actionName: "renamed in the security console" }),
  },
];

const NO_CHANGES_EXPECTED = 7;
const STACK = "quickstart";

/** The alarm of the emulated ZStack that the program sends to its channel. */
const ALARM = "CPU of a virtual machine above 80 %";
/** The emulated group whose robot the program gets. */
const GROUP = "Duty officers' group";
const SIGNING_SECRET = "SECquickstart0000000000000000000000000000000000000000000000000000";

runMain(async () => {
  const began = Date.now();
  await setUp();
  const cli = await ensurePulumi();
  const scratch = makeScratch("pulumi-dingtalk-quickstart");
  onInterrupt(() => scratch.dispose());
  const emulator = await startEmulator();
  try {
    const tour = new Tour(cli.bin, emulator, scratch);
    await tour.prepare();
    say("");
    const clouds = CLOUDS.map(({ name, url }) => `${name} at ${url(emulator)}`).join(", ");
    say(`Emulated clouds, in this process: ${clouds}.`);
    say("Program: examples/quickstart/index.ts. State: a temporary folder.");
    const steps = await tour.walk();
    say("");
    say(`All ${steps} steps did what they should, in ${duration(Date.now() - began)}.`);
    whatNext(cli);
  } finally {
    await emulator.close();
    await scratch.dispose();
  }
});

/** @returns {Promise<Emulator>} */
async function startEmulator() {
  /** @type {typeof import("../emulator/index.ts")} */
  const { start } = require(path.join(ROOT, "dist", "emulator", "index.js"));
  return start();
}

class Tour {
  /**
   * @param {string} bin
   * @param {Emulator} emulator
   * @param {ReturnType<typeof makeScratch>} scratch
   */
  constructor(bin, emulator, scratch) {
    this.pulumi = path.join(bin, process.platform === "win32" ? "pulumi.exe" : "pulumi");
    this.emulator = emulator;
    this.scratch = scratch;
    this.config = path.join(scratch.folder, "project", `Pulumi.${STACK}.yaml`);
    this.steps = 0;
    /** What the server held before we came. */
    this.before = new Set(CLOUDS.flatMap((cloud) => cloud.objects(emulator).map(({ id }) => id)));
    this.env = environment(bin, scratch, emulator);
    this.alarm = emulator.zstack.alarms.add({ name: ALARM });
    // Without keywords: Security Center's robot posts there, too.
    this.group = emulator.dingtalk.addGroup({ name: GROUP, secret: SIGNING_SECRET });
  }

  async prepare() {
    const { folder } = this.scratch;
    for (const name of ["state", "home", "project"]) {
      fs.mkdirSync(path.join(folder, name));
    }
    // The settings of the stack are written where it is made; here, so that the checkout stays as it is.
    fs.copyFileSync(path.join(ROOT, "Pulumi.yaml"), path.join(folder, "project", "Pulumi.yaml"));
    const project = path.join(folder, "project");
    await this.command(["stack", "init", STACK, "--non-interactive"], 0, project);
    const settings = Object.assign(
      { alarmUuid: this.alarm.uuid },
      ...CLOUDS.map((cloud) => cloud.config(this.emulator)),
    );
    const secrets = { webhookUrl: this.group.webhook, signingSecret: SIGNING_SECRET };
    const flags = [
      ...Object.entries(settings).flatMap(([key, value]) => ["--plaintext", `${key}=${value}`]),
      ...Object.entries(secrets).flatMap(([key, value]) => ["--secret", `${key}=${value}`]),
    ];
    await this.command(["config", "set-all", "--stack", STACK, "--non-interactive", ...flags], 0, project);
  }

  async walk() {
    await this.step("pulumi up", "creates what the program asks for", async () => {
      await this.operate(["up", "--yes"]);
      for (const cloud of CLOUDS) {
        const [object, ...others] = this.objects(cloud);
        if (!object || others.length > 0) {
          throw new Surprise(
            `there should be one ${cloud.noun}, but there are ${this.objects(cloud).length}`,
          );
        }
        const calls = this.calls(cloud.creates);
        if (calls !== 1) {
          throw new Surprise(`${cloud.creates} should have been called once, not ${calls} times`);
        }
        const output = await this.output(cloud.output);
        if (output !== object.id) {
          throw new Surprise(`the stack output ${cloud.output} is ${output}, the server says ${object.id}`);
        }
        say(`   Server: one ${cloud.noun}, "${object.label}", ${object.id} (= stack output ${cloud.output})`);
      }
    });

    await this.step("pulumi up, again", "changes nothing and writes nothing", async () => {
      await this.operate(["up", "--yes", "--expect-no-changes"]);
      const writes = this.emulator.journal.changing();
      if (writes.length > 0) {
        throw new Surprise(`nothing should have been written, but the API saw ${summary(writes)}`);
      }
    });

    await this.step("somebody works behind Pulumi's back", undefined, async () => {
      for (const cloud of CLOUDS) {
        const object = this.object(cloud);
        cloud.change(this.emulator, object.id);
        say(`   Server: "${object.label}" is now "${this.object(cloud).label}"`);
      }
    });

    await this.step(
      "pulumi refresh --preview-only --expect-no-changes",
      `sees it: exit code ${NO_CHANGES_EXPECTED}, as a drift job in CI wants it`,
      async () => {
        const { output } = await this.operate(
          ["refresh", "--preview-only", "--expect-no-changes", "--diff"],
          NO_CHANGES_EXPECTED,
        );
        for (const { resource, drifts } of CLOUDS) {
          if (!new RegExp(`::${resource}\\]\\s+(.*\\n\\s*)*?~ ${drifts}\\s*:`).test(output)) {
            throw new Surprise(`the preview should name the property "${drifts}" of ${resource}`);
          }
        }
        const writes = this.emulator.journal.changing();
        if (writes.length > 0) {
          throw new Surprise(`a preview should write nothing, but the API saw ${summary(writes)}`);
        }
      },
    );

    await this.step("pulumi up --refresh", "puts it right", async () => {
      const wrong = new Map(CLOUDS.map((cloud) => [cloud, this.object(cloud)]));
      await this.operate(["up", "--yes", "--refresh"]);
      for (const [cloud, was] of wrong) {
        const is = this.object(cloud);
        if (is.id !== was.id) {
          throw new Surprise(
            `the ${cloud.noun} should have been changed in place, but it is another one now`,
          );
        }
        if (is.label === was.label) {
          throw new Surprise(`the ${cloud.noun} is still "${is.label}"`);
        }
        say(`   Server: "${is.label}" again, the same ${cloud.noun}`);
      }
      const { exitCode } = await this.command(
        this.arguments(["refresh", "--preview-only", "--expect-no-changes"]),
      );
      if (exitCode !== 0) {
        throw new Surprise("a refresh after the repair should find nothing");
      }
    });

    await this.step(`the alarm "${ALARM}" fires`, "reaches the people it is for", async () => {
      const before = this.group.messages.length;
      await this.emulator.zstack.fireAlarm(this.alarm.uuid);
      const [message, ...others] = this.group.messages.slice(before);
      if (message === undefined || others.length > 0) {
        throw new Surprise(
          `the group should have got one message, but got ${others.length + (message ? 1 : 0)}`,
        );
      }
      if (!message.signed) {
        throw new Surprise("the message should have been signed");
      }
      say(`   ${GROUP}, in DingTalk:`);
      for (const line of shown(message)) {
        say(`   > ${line}`);
      }
    });

    await this.step("pulumi destroy", "leaves the servers empty, and the alarm as it was", async () => {
      await this.operate(["destroy", "--yes"]);
      for (const cloud of CLOUDS) {
        const left = this.objects(cloud);
        if (left.length > 0) {
          throw new Surprise(`the server still has "${left[0]?.label}"`);
        }
        say(`   Server: no ${cloud.noun} left`);
      }
      const { zstack } = this.emulator;
      if (zstack.alarms.get(this.alarm.uuid) === undefined) {
        throw new Surprise("the alarm should still be there");
      }
      if (zstack.alarmActions.list().length > 0) {
        throw new Surprise("the alarm should send to nobody any more");
      }
      if (zstack.topics.list().some(({ name }) => name === "Duty")) {
        throw new Surprise("the topic is still there");
      }
    });
    return this.steps;
  }

  /**
   * @param {string} title
   * @param {string | undefined} promise
   * @param {() => Promise<void>} work
   */
  async step(title, promise, work) {
    const number = ++this.steps;
    say("");
    say(promise === undefined ? `${number}. ${title}` : `${number}. ${title} ${promise}`);
    this.emulator.journal.clear();
    const began = Date.now();
    try {
      await work();
    } catch (error) {
      if (!(error instanceof Surprise)) {
        throw error;
      }
      throw new UserError(
        `Step ${number} (${title}) did not do what it should: ${error.message}.${error.detail}`,
      );
    }
    if (promise !== undefined) {
      say(`   as promised, ${duration(Date.now() - began)}`);
    }
  }

  /**
   * Runs an operation of the engine and tells what it and the API saw.
   * @param {string[]} args
   * @param {number} [expected]
   */
  async operate(args, expected = 0) {
    const result = await this.command(this.arguments(args), expected);
    for (const line of interesting(result.output)) {
      say(`   | ${line}`);
    }
    for (const { name, site } of CLOUDS) {
      say(`   ${name} saw: ${summary(this.emulator.journal.entries.filter((entry) => entry.site === site))}`);
    }
    return result;
  }

  /** @param {string[]} args */
  arguments(args) {
    const options = ["--non-interactive", "--color", "never", "--stack", STACK, "--config-file", this.config];
    return [...args, ...options, ...(args.includes("--preview-only") ? [] : ["--skip-preview"])];
  }

  /**
   * @param {string[]} args
   * @param {number} [expected] exit code; undefined takes any
   * @param {string} [cwd]
   */
  async command(args, expected, cwd = ROOT) {
    const result = await run(this.pulumi, args, { cwd, env: this.env });
    if (expected === undefined || result.exitCode === expected) {
      return result;
    }
    throw new Surprise(
      `pulumi ${args[0]} ended with exit code ${result.exitCode} instead of ${expected}`,
      `\n\n${result.output.trimEnd()}`,
    );
  }

  /** @param {string} name */
  async output(name) {
    const { output } = await this.command(
      ["stack", "output", name, "--stack", STACK, "--non-interactive"],
      0,
    );
    return output.trim();
  }

  /** @param {Cloud} cloud */
  objects(cloud) {
    return cloud.objects(this.emulator).filter(({ id }) => !this.before.has(id));
  }

  /** @param {Cloud} cloud */
  object(cloud) {
    const [object] = this.objects(cloud);
    if (!object) {
      throw new Surprise(`the ${cloud.noun} is gone from the server`);
    }
    return object;
  }

  /** @param {string} operation */
  calls(operation) {
    return this.emulator.journal.count(operation);
  }
}

/** A step did something else than it should. */
class Surprise extends Error {
  /**
   * @param {string} message
   * @param {string} [detail]
   */
  constructor(message, detail = "") {
    super(message);
    this.detail = detail;
  }
}

/**
 * The user's own environment without the settings of their stacks and clouds, which the tour must not touch.
 * @param {string} bin
 * @param {ReturnType<typeof makeScratch>} scratch
 * @param {Emulator} emulator
 * @returns {NodeJS.ProcessEnv}
 */
function environment(bin, scratch, emulator) {
  /** @type {NodeJS.ProcessEnv} */
  const env = {};
  for (const [name, value] of Object.entries(process.env)) {
    if (!/^(PULUMI_|ZSTACK_|SECURITYCENTER_|ALIBABA_CLOUD_|ALICLOUD_)|^(https?|all|no)_proxy$/i.test(name)) {
      env[name] = value;
    }
  }
  return {
    ...env,
    ...scratch.marker,
    PATH: [bin, path.dirname(process.execPath), process.env["PATH"]].join(path.delimiter),
    PULUMI_HOME: path.join(scratch.folder, "home"),
    PULUMI_BACKEND_URL: `file://${path.join(scratch.folder, "state")}`,
    PULUMI_CONFIG_PASSPHRASE: "quickstart",
    PULUMI_SKIP_UPDATE_CHECK: "true",
    PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION: "true",
    PULUMI_DISABLE_REGISTRY_RESOLVE: "true",
    ...Object.assign({}, ...CLOUDS.map((cloud) => cloud.environment(emulator))),
  };
}

/**
 * The lines of the CLI that say what happened to the resources, without progress and frame.
 * @param {string} output
 */
function interesting(output) {
  const rows = /^\s*[-+~><]+ .*:dynamic\/.*\b(created|updated|deleted|replaced|update|read)\b/;
  const properties = /^\s*[-+~] \w+\s*: /;
  const counts = /^\s+([-+~>] )?\d+ (created|updated|deleted|unchanged|to update|to delete|to create)/;
  return output
    .split("\n")
    .filter((line) => rows.test(line) || properties.test(line) || counts.test(line))
    .map((line) => line.trim().replace(/\s{2,}/g, "  "));
}

/**
 * A message as DingTalk shows it: its text, then who is called. The title only stands in the list of chats.
 * @param {import("../emulator/index.ts").Message} message
 */
function shown({ text, atMobiles, isAtAll }) {
  const called = isAtAll ? "everybody" : atMobiles.join(", ");
  return [...text.split("\n").filter((line) => line.trim() !== ""), `(mentions ${called})`];
}

/**
 * "LogInByAccount ×1, CreateSNSDingTalkEndpoint ×1, job polls ×2", in the order of first appearance.
 * @param {readonly JournalEntry[]} entries
 */
function summary(entries) {
  if (entries.length === 0) {
    return "nothing";
  }
  /** @type {Map<string, number>} */
  const counts = new Map();
  for (const { operation, method, path: where } of entries) {
    const name = operation ?? `${method} ${where}`;
    counts.set(name, (counts.get(name) ?? 0) + 1);
  }
  return [...counts].map(([name, count]) => `${name} ×${count}`).join(", ");
}

/** @param {import("./pulumi-cli.mjs").PulumiCli} cli */
function whatNext(cli) {
  const own = cli.source.startsWith("your own");
  say(`
With a real ZStack (5.0.0 or newer), the same program, from this folder:
${own ? "" : `\n  export PATH="${shorten(cli.bin)}:$PATH"`}
  export ZSTACK_ENDPOINT=http://<management node>:8080
  export ZSTACK_ACCOUNT_NAME=admin ZSTACK_ACCOUNT_PASSWORD=...      # or ZSTACK_ACCESS_KEY_ID and ZSTACK_ACCESS_KEY_SECRET
  pulumi login --local                                              # or your own backend
  pulumi stack init dev
  pulumi config set --secret webhookUrl 'https://oapi.dingtalk.com/robot/send?access_token=...'
  pulumi config set --secret signingSecret SEC...                   # only if the robot asks for a signature
  pulumi config set alarmUuid <uuid of an alarm>                    # which alarm calls
  pulumi up

For a robot of Security Center besides: pulumi config set securitycenter:site china (or international), and
ALIBABA_CLOUD_ACCESS_KEY_ID and ALIBABA_CLOUD_ACCESS_KEY_SECRET, or any other Alibaba Cloud credentials.

To play against the emulator by hand: npm run emulator -- --port 8080`);
}

/** @param {string} folder */
function shorten(folder) {
  const home = os.homedir();
  return folder.startsWith(`${home}${path.sep}`) ? `$HOME${folder.slice(home.length)}` : folder;
}
