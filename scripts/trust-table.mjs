// @ts-check
// The table of what goes wrong, in both languages, from the figures that whole green runs of the suites left in test/trust/results/.

import fs from "node:fs";
import path from "node:path";
import { UserError } from "./processes.mjs";
import { ROOT } from "./setup.mjs";

const RESULTS = path.join(ROOT, "test", "trust", "results");

/** @typedef {Record<string, number>} Figures */
/** @typedef {{ trouble: string, tried: string, then: string }} Row */
/** @typedef {{ suites: readonly string[], command: string, en: (figures: Figures) => Row, zh: (figures: Figures) => Row }} Entry */

/** @type {readonly Entry[]} */
const ENTRIES = [
  {
    suites: ["killed-anywhere"],
    command: "npm run test:kill",
    en: (f) => ({
      trouble:
        "The provider process or the CLI is killed (`kill -9`) around any request of a create, update, replacement or delete",
      tried: `${f["points"]} moments in ${f["scenarios"]} changes: before each request, after its work, after its answer`,
      then: `${ups(f)} later the servers hold exactly what is declared: nothing lost, nothing twice, nothing of others touched.`,
    }),
    zh: (f) => ({
      trouble: "在创建、更新、替换、删除的任一请求前后，provider 进程或 CLI 被 `kill -9`",
      tried: `${f["scenarios"]} 种变更中的 ${f["points"]} 个时刻：每个请求之前、执行之后、应答之后`,
      then: `${zhUps(f)} 之后，服务端与声明完全一致：不丢、不重，不碰别人的对象。`,
    }),
  },
  {
    suites: ["killed-cli"],
    command: "npm run test:kill",
    en: (f) => ({
      trouble: "The same, through the real CLI",
      tried: `${f["points"]} moments: the CLI killed ${f["cliKilled"]} times, the provider process under it ${f["providerKilled"]} times`,
      then: `${ups(f)} again, after the \`pulumi cancel\` that a killed CLI asks for; a \`pulumi refresh\` where the engine asks for one.`,
    }),
    zh: (f) => ({
      trouble: "同上，通过真实的 CLI",
      tried: `${f["points"]} 个时刻：杀 CLI ${f["cliKilled"]} 次，杀其下的 provider 进程 ${f["providerKilled"]} 次`,
      then: `同样只需${zhUps(f)}；CLI 被杀后先按提示执行 \`pulumi cancel\`，引擎要求时再执行 \`pulumi refresh\`。`,
    }),
  },
  {
    suites: ["bad-network"],
    command: "npm run test:network",
    en: (f) => ({
      trouble: "The network drops, delays, garbles or throttles nearly every third request",
      tried: `${f["seeds"]} random courses of a program that is created, changed and destroyed; ${count(f["faults"])} of ${count(f["requests"])} requests went wrong`,
      then: `${f["changesInOneUp"]} of ${f["changes"]} changes were done by one \`pulumi up\`, all by at most ${f["mostUps"]}; no object was ever there twice.`,
    }),
    zh: (f) => ({
      trouble: "网络丢弃、延迟、截断或限流近三分之一的请求",
      tried: `${f["seeds"]} 个随机过程（创建、修改、销毁同一程序）；${count(f["requests"])} 个请求中 ${count(f["faults"])} 个出错`,
      then: `${f["changes"]} 次变更中，${f["changesInOneUp"]} 次只需一次 \`pulumi up\`，最多需要 ${f["mostUps"]} 次；任何时刻都没有重复的对象。`,
    }),
  },
  {
    suites: ["bad-network-cli"],
    command: "npm run test:network",
    en: (f) => ({
      trouble: "The same, through the real CLI",
      tried: `${f["seeds"]} random courses; ${count(f["faults"])} of ${count(f["requests"])} requests went wrong`,
      then: `${f["changesInOneUp"]} of ${f["changes"]} changes by one \`pulumi up\`, all by at most ${f["mostUps"]}.`,
    }),
    zh: (f) => ({
      trouble: "同上，通过真实的 CLI",
      tried: `${f["seeds"]} 个随机过程；${count(f["requests"])} 个请求中 ${count(f["faults"])} 个出错`,
      then: `${f["changes"]} 次变更中，${f["changesInOneUp"]} 次只需一次，最多需要 ${f["mostUps"]} 次。`,
    }),
  },
  {
    suites: ["every-switch"],
    command: "npm run test:switches",
    en: (f) => ({
      trouble: "A service behaves otherwise than its documentation says, or than anybody could verify",
      tried: `${f["positions"]} positions of ${f["switches"]} switches of the emulator, each alone`,
      then: `In ${difference(f)} an object is created, left alone, repaired, changed and destroyed as ever; in ${f["documented"]} the service refuses, or does not keep a value, and the message says so.`,
    }),
    zh: (f) => ({
      trouble: "服务的行为与文档不符，或无人能够核实",
      tried: `模拟器 ${f["switches"]} 个开关的 ${f["positions"]} 个取值，逐一单独设置`,
      then: `${difference(f)} 个取值下，对象照常创建、保持不变、修复漂移、修改、销毁；${f["documented"]} 个取值下服务拒绝请求或不保存某个值，报错信息会如实说明。`,
    }),
  },
  {
    suites: ["bad-input"],
    command: "npm test",
    en: (f) => ({
      trouble: "An argument, a setting or a variable of the environment is wrong",
      tried: `${f["rows"]} wrong values: every rule of every argument, setting and variable`,
      then: "Each is refused before any call, in words that name the place and the way out, and repeat no secret.",
    }),
    zh: (f) => ({
      trouble: "参数、设置或环境变量写错",
      tried: `${f["rows"]} 个错误值：覆盖每个参数、设置与变量的每条规则`,
      then: "全部在发出任何请求之前被拒绝；报错指明位置与改法，不重复任何密钥。",
    }),
  },
  {
    suites: ["canary", "canary-process"],
    command: "npm test",
    en: (f) => ({
      trouble: "Secrets meet everything that is printed or stored",
      tried: `${f["secrets"]} planted secrets, looked for in ${f["places"]} outputs, states and logs of a stack, and in what the provider process says in ${f["troubles"]} kinds of trouble; pieces and encodings of them count`,
      then: "None was found in clear.",
    }),
    zh: (f) => ({
      trouble: "密钥是否泄露到输出或存储中",
      tried: `埋入 ${f["secrets"]} 个密钥，在栈的 ${f["places"]} 处输出、状态与日志，以及 provider 进程在 ${f["troubles"]} 种故障中的输出里查找；片段和各种编码也算`,
      then: "没有一处出现明文。",
    }),
  },
];

const HEADERS = {
  en: ["What goes wrong", "Tried", "What comes of it"],
  zh: ["出了什么问题", "试验", "结果"],
};

/**
 * The rows of the table in a language.
 * @param {"en" | "zh"} language
 * @returns {string[][]} the header first
 */
export function trustRows(language) {
  const rows = ENTRIES.map((entry) => {
    const { trouble, tried, then } = entry[language](figuresOf(entry));
    return [trouble, tried, then];
  });
  return [HEADERS[language], ...rows];
}

/**
 * @param {Entry} entry
 * @returns {Figures}
 */
function figuresOf({ suites, command }) {
  /** @type {Figures} */
  const figures = {};
  for (const suite of suites) {
    const file = path.join(RESULTS, `${suite}.json`);
    if (!fs.existsSync(file)) {
      throw new UserError(`${path.relative(ROOT, file)} is missing: \`${command}\` writes it.`);
    }
    Object.assign(figures, JSON.parse(fs.readFileSync(file, "utf8")));
  }
  // A figure that a suite no longer gives must not become "undefined" in a sentence.
  return new Proxy(figures, {
    get: (all, name) => {
      const figure = all[String(name)];
      if (figure === undefined) {
        throw new UserError(`${suites.join(" and ")} gave no figure "${String(name)}".`);
      }
      return figure;
    },
  });
}

/** @param {Figures} figures */
function ups({ mostUps }) {
  return mostUps === 1 ? "One `pulumi up`" : `At most ${mostUps} \`pulumi up\``;
}

/** @param {Figures} figures */
function zhUps({ mostUps }) {
  return mostUps === 1 ? "一次 `pulumi up`" : `最多 ${mostUps} 次 \`pulumi up\``;
}

/** @param {Figures} figures */
function difference({ positions = 0, documented = 0 }) {
  return positions - documented;
}

/** @param {number | undefined} figure */
function count(figure = 0) {
  return figure.toLocaleString("en-US");
}
