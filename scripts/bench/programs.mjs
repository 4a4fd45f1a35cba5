// @ts-check
// What is compared: the same declarations, each time with other resource classes. A contender is a file `resources.js` and the packages that
// it requires; everything else of its program is the same for all.

import fs from "node:fs";
import { createRequire } from "node:module";
import path from "node:path";
import { ROOT } from "../setup.mjs";

/**
 * @typedef {object} Contender
 * @property {string} id
 * @property {string} title
 * @property {string} resources text of `resources.js`, which exports a class for each kind
 * @property {readonly string[]} packages what it requires, besides Pulumi
 * @property {boolean} isClient whether it talks to the emulators
 */

/** @typedef {"endpoint" | "robot" | "subscription"} Kind */

/** The floor: everything that Pulumi does with such resources, and nothing else. Its code is as short as ours and needs no serialising. */
const STUB = `
const pulumi = require("@pulumi/pulumi");

const CODE = \`exports.handler = () => ({
  check: async (olds, news) => ({ inputs: news }),
  diff: async () => ({ changes: false }),
  create: async (inputs) => ({ id: inputs.name || inputs.topicUuid + "/" + inputs.endpointUuid, outs: inputs }),
  read: async (id, props) => ({ id, props }),
  update: async (id, olds, news) => ({ outs: news }),
  delete: async () => {},
})\`;

class Stub extends pulumi.CustomResource {
  constructor(name, args) {
    super("pulumi-nodejs:dynamic/stub:Resource", name, { ...args, __provider: CODE });
  }
}

module.exports = { endpoint: Stub, robot: Stub, subscription: Stub };
`;

const OURS = `
const { zstack, securitycenter } = require("pulumi-dingtalk");

module.exports = {
  endpoint: zstack.DingTalkEndpoint,
  robot: securitycenter.DingTalkRobot,
  subscription: zstack.TopicSubscription,
};
`;

/**
 * As the chapter on dynamic providers shows it: an object of functions that Pulumi serialises, one request after the other with the usual
 * client of the service, and a look at a job once a second.
 */
const PLAIN = `
const crypto = require("crypto");
const pulumi = require("@pulumi/pulumi");
const axios = require("axios");
const popCore = require("@alicloud/pop-core");

const POLL_MS = 1000;

async function zstack() {
  const sha512 = crypto.createHash("sha512").update(process.env.ZSTACK_ACCOUNT_PASSWORD).digest("hex");
  const { data } = await axios.put(process.env.ZSTACK_ENDPOINT + "/zstack/v1/accounts/login", {
    logInByAccount: { accountName: process.env.ZSTACK_ACCOUNT_NAME, password: sha512 },
  });
  return axios.create({
    baseURL: process.env.ZSTACK_ENDPOINT + "/zstack/v1",
    headers: { Authorization: "OAuth " + data.inventory.uuid },
  });
}

async function finished(client, accepted) {
  for (;;) {
    await new Promise((resolve) => setTimeout(resolve, POLL_MS));
    const job = await client.get(accepted.data.location);
    if (job.status === 200) {
      return job.data;
    }
  }
}

function changed(olds, news) {
  return Object.keys(news).some((key) => key !== "__provider" && olds[key] !== news[key]);
}

const ENDPOINTS = "/sns/application-endpoints";

function endpointParams(inputs) {
  return { name: inputs.name, url: inputs.webhookUrl, secret: inputs.secret, description: inputs.description };
}

const endpointProvider = {
  async diff(id, olds, news) {
    return { changes: changed(olds, news) };
  },
  async create(inputs) {
    const client = await zstack();
    const accepted = await client.post(ENDPOINTS + "/ding-talk", { params: endpointParams(inputs) });
    const { inventory } = await finished(client, accepted);
    return { id: inventory.uuid, outs: { ...inputs, uuid: inventory.uuid } };
  },
  async read(id, props) {
    const client = await zstack();
    const { data } = await client.get(ENDPOINTS + "/ding-talk/" + id);
    const [live] = data.inventories;
    const shown = { name: live.name, webhookUrl: live.url, secret: live.secret, description: live.description };
    return { id, props: { ...props, ...shown } };
  },
  async update(id, olds, news) {
    const client = await zstack();
    const body = { updateSNSDingTalkEndpoint: endpointParams(news) };
    await finished(client, await client.put(ENDPOINTS + "/ding-talk/" + id + "/actions", body));
    return { outs: { ...news, uuid: id } };
  },
  async delete(id) {
    const client = await zstack();
    await finished(client, await client.delete(ENDPOINTS + "/" + id + "?deleteMode=Permissive"));
  },
};

const subscriptionProvider = {
  async diff(id, olds, news) {
    return { changes: changed(olds, news), replaces: ["topicUuid", "endpointUuid"] };
  },
  async create(inputs) {
    const client = await zstack();
    const path = "/sns/topics/" + inputs.topicUuid + "/endpoints/" + inputs.endpointUuid;
    await finished(client, await client.post(path, { params: {} }));
    return { id: inputs.topicUuid + "/" + inputs.endpointUuid, outs: inputs };
  },
  async read(id, props) {
    const client = await zstack();
    const [topicUuid, endpointUuid] = id.split("/");
    const path = "/sns/topics/subscribers?q=topicUuid=" + topicUuid + "&q=endpointUuid=" + endpointUuid;
    const { data } = await client.get(path);
    return data.inventories.length === 0 ? {} : { id, props };
  },
  async delete(id) {
    const client = await zstack();
    const path = "/sns/topics/" + id.replace("/", "/endpoints/");
    await finished(client, await client.delete(path));
  },
};

function securityCenter() {
  return new popCore.RPCClient({
    accessKeyId: process.env.ALIBABA_CLOUD_ACCESS_KEY_ID,
    accessKeySecret: process.env.ALIBABA_CLOUD_ACCESS_KEY_SECRET,
    endpoint: process.env.SECURITYCENTER_ENDPOINT,
    apiVersion: "2018-12-03",
  });
}

async function findRobot(client, matches) {
  for (let page = 1; ; page++) {
    const answer = await client.request("DescribeDingTalk", { CurrentPage: page }, { method: "POST" });
    const found = answer.ActionList.find(matches);
    if (found !== undefined || page * answer.PageInfo.PageSize >= answer.PageInfo.TotalCount) {
      return found;
    }
  }
}

function robotParams(inputs) {
  return { RuleActionName: inputs.name, SendUrl: inputs.webhookUrl };
}

const robotProvider = {
  async diff(id, olds, news) {
    return { changes: changed(olds, news) };
  },
  async create(inputs) {
    const client = securityCenter();
    await client.request("CreateOrUpdateDingTalk", robotParams(inputs), { method: "POST" });
    const made = await findRobot(client, (robot) => robot.ActionName === inputs.name);
    return { id: String(made.Id), outs: inputs };
  },
  async read(id, props) {
    const live = await findRobot(securityCenter(), (robot) => String(robot.Id) === id);
    return live === undefined ? {} : { id, props: { ...props, name: live.ActionName, webhookUrl: live.Url } };
  },
  async update(id, olds, news) {
    const params = { Id: id, ...robotParams(news) };
    await securityCenter().request("CreateOrUpdateDingTalk", params, { method: "POST" });
    return { outs: news };
  },
  async delete(id) {
    await securityCenter().request("DeleteDingTalk", { Ids: id }, { method: "POST" });
  },
};

class Endpoint extends pulumi.dynamic.Resource {
  constructor(name, args) {
    super(endpointProvider, name, { uuid: undefined, ...args });
  }
}

class Robot extends pulumi.dynamic.Resource {
  constructor(name, args) {
    super(robotProvider, name, args);
  }
}

class Subscription extends pulumi.dynamic.Resource {
  constructor(name, args) {
    super(subscriptionProvider, name, args);
  }
}

module.exports = { endpoint: Endpoint, robot: Robot, subscription: Subscription };
`;

/** @type {readonly Contender[]} The floor first. The plugin front, once it is there, is one more entry. */
export const CONTENDERS = [
  { id: "stub", title: "stub", resources: STUB, packages: [], isClient: false },
  { id: "package", title: "pulumi-dingtalk", resources: OURS, packages: ["pulumi-dingtalk"], isClient: true },
  {
    id: "plain",
    title: "plain dynamic resource",
    resources: PLAIN,
    packages: ["axios", "@alicloud/pop-core"],
    isClient: true,
  },
];

/** The arguments of the n-th resource of a kind, the same for every contender. */
const ARGUMENTS = `
const pulumi = require("@pulumi/pulumi");

function hex(text, digits) {
  return require("crypto").createHash("sha256").update(text).digest("hex").slice(0, digits);
}

function webhook(n) {
  return pulumi.secret("https://oapi.dingtalk.com/robot/send?access_token=" + hex("token " + n, 64));
}

module.exports = {
  endpoint: (n) => ({
    name: "duty officers " + n,
    webhookUrl: webhook(n),
    secret: pulumi.secret("SEC" + hex("secret " + n, 64)),
    description: "who is on duty in group " + n,
  }),
  robot: (n) => ({ name: "security " + n, webhookUrl: webhook(n) }),
  subscription: (n) => ({
    topicUuid: process.env.BENCH_TOPIC,
    endpointUuid: process.env.BENCH_ENDPOINTS.split(",")[n],
  }),
};
`;

const PROGRAM = `
const argumentsOf = require("./arguments")[process.env.BENCH_KIND];
const Resource = require("./resources")[process.env.BENCH_KIND];

for (let n = 0; n < Number(process.env.BENCH_COUNT); n++) {
  new Resource(process.env.BENCH_KIND + "-" + n, argumentsOf(n));
}
`;

/** The same program under Pulumi's mocks. Prints a {@link ProgramSide}. */
const PROGRAM_SIDE = `
const pulumi = require("@pulumi/pulumi");

(async () => {
  const began = performance.now();
  const resources = require("./resources");
  const loadMs = performance.now() - began;

  let inputs;
  await pulumi.runtime.setMocks({
    newResource: (args) => {
      inputs ??= args.inputs;
      return { id: args.name, state: args.inputs };
    },
    call: () => ({}),
  });
  const argumentsOf = require("./arguments").endpoint;
  const declare = async (from, to) => {
    const start = performance.now();
    const made = [];
    for (let n = from; n < to; n++) {
      made.push(new resources.endpoint("endpoint-" + n, argumentsOf(n)));
    }
    await Promise.all(made.map(({ id }) => new Promise((resolve) => id.apply(resolve))));
    return performance.now() - start;
  };
  const count = Number(process.env.BENCH_COUNT);
  // The first one pays for what is made once in a program.
  const firstMs = await declare(0, 1);
  const eachMs = (await declare(1, count + 1)) / count;
  process.stdout.write(JSON.stringify({ loadMs, firstMs, eachMs, inputs }));
})();
`;

/** @typedef {{ loadMs: number, firstMs: number, eachMs: number, inputs: Record<string, unknown> }} ProgramSide */

export const PROGRAM_SIDE_FILE = "program-side.js";
/** The name of the Pulumi project. */
export const PROJECT = "bench";

/**
 * Writes the project of a contender, with the packages that it needs.
 * @param {string} folder
 * @param {Contender} contender
 */
export function writeProject(folder, { resources, packages }) {
  fs.mkdirSync(folder, { recursive: true });
  const files = {
    "Pulumi.yaml": `name: ${PROJECT}\nruntime: nodejs\n`,
    "package.json": JSON.stringify({ name: PROJECT, main: "index.js" }),
    "index.js": PROGRAM,
    "arguments.js": ARGUMENTS,
    "resources.js": resources,
    [PROGRAM_SIDE_FILE]: PROGRAM_SIDE,
  };
  for (const [name, text] of Object.entries(files)) {
    fs.writeFileSync(path.join(folder, name), text);
  }
  const modules = path.join(folder, "node_modules");
  for (const name of ["@pulumi/pulumi", ...packages]) {
    if (name === "pulumi-dingtalk") {
      copyPackage(modules);
    } else {
      link(name, modules);
    }
  }
}

/**
 * Puts this package there as npm does, so that a build in the meantime changes nothing.
 * @param {string} modules
 */
function copyPackage(modules) {
  const { dependencies } = createRequire(import.meta.url)(path.join(ROOT, "package.json"));
  for (const name of ["package.json", path.join("dist", "provider")]) {
    fs.cpSync(path.join(ROOT, name), path.join(modules, "pulumi-dingtalk", name), { recursive: true });
  }
  for (const name of Object.keys(dependencies)) {
    link(name, modules);
  }
}

/**
 * @param {string} name
 * @param {string} modules
 */
function link(name, modules) {
  const target = path.join(modules, name);
  fs.mkdirSync(path.dirname(target), { recursive: true });
  fs.symlinkSync(path.join(ROOT, "node_modules", name), target, "junction");
}
