// @ts-check
// `npm run docs`: writes the tables of README.md and docs/ from the code. `--check` only says whether they are current.
//
// What fails how comes from the figures that whole runs of the suites left (trust-table.mjs).
//
// A table stands between `<!-- generated:<name> -->` and `<!-- /generated -->`. What a field is comes from the compiled
// package (types, defaults, change rules); what it means, from the JSDoc comment of its one entry in the sources.

import fs from "node:fs";
import { createRequire } from "node:module";
import path from "node:path";
import prettier from "prettier";
import { Sources } from "./meanings.mjs";
import { runMain, say, UserError } from "./processes.mjs";
import { ROOT, setUp } from "./setup.mjs";
import { trustRows } from "./trust-table.mjs";

const require = createRequire(import.meta.url);

/** @typedef {import("../provider/core/fields/fields.ts").Field} Field */
/** @typedef {import("../provider/core/settings/setting-table.ts").SettingsTable} SettingsTable */
/** @typedef {import("../emulator/index.ts").SwitchRow} SwitchRow */
/** @typedef {import("../emulator/index.ts").CoverageRow} CoverageRow */
/** @typedef {import("../emulator/reference.ts").EmulatorReference} EmulatorReference */
/** @typedef {import("../emulator/reference.ts").ObjectReference} ObjectReference */
/** @typedef {import("../emulator/reference.ts").SiteReference} SiteReference */
/** @typedef {import("./meanings.mjs").Member} Member */
/** @typedef {{ fields: Record<string, Field>, outputs: Record<string, { isId?: true }> }} Definition */

const MARKED = /^<!-- generated:([^>]*?) -->\n[^]*?^<!-- \/generated -->/gm;
const ALL_CLOUDS = "every cloud";

runMain(async () => {
  const isCheck = process.argv.includes("--check");
  await setUp();
  const blocks = generate();

  /** @type {Set<string>} */
  const placed = new Set();
  /** @type {string[]} */
  const stale = [];
  for (const file of documents()) {
    const before = fs.readFileSync(path.join(ROOT, file), "utf8");
    const after = await formatted(file, filled(file, before, blocks, placed));
    if (after === before) {
      continue;
    }
    if (isCheck) {
      stale.push(file);
    } else {
      fs.writeFileSync(path.join(ROOT, file), after);
      say(`Wrote ${file}.`);
    }
  }

  const homeless = [...blocks.keys()].filter((name) => !placed.has(name));
  if (homeless.length > 0) {
    throw new UserError(
      `No document has a place for: ${homeless.join("; ")}.\n` +
        `Add these two lines to README.md or docs/*.md: <!-- generated:${homeless[0]} --> and <!-- /generated -->.`,
    );
  }
  if (stale.length > 0) {
    throw new UserError(
      `Generated tables are not what the code says in: ${stale.join(", ")}. Run \`npm run docs\`.`,
    );
  }
});

/** @returns {string[]} relative paths */
function documents() {
  const inFolder = (/** @type {string} */ folder) =>
    fs
      .readdirSync(path.join(ROOT, folder))
      .filter((name) => name.endsWith(".md"))
      .map((name) => path.join(folder, name));
  return [...inFolder("."), ...inFolder("docs")].sort();
}

/**
 * @param {string} file
 * @param {string} text
 * @param {ReadonlyMap<string, string>} blocks
 * @param {Set<string>} placed
 */
function filled(file, text, blocks, placed) {
  const opened = text.match(/^<!-- generated:/gm)?.length ?? 0;
  if (opened !== (text.match(MARKED)?.length ?? 0)) {
    throw new UserError(`${file}: a <!-- generated:… --> has no <!-- /generated --> after it.`);
  }
  return text.replace(MARKED, (_all, /** @type {string} */ name) => {
    const block = blocks.get(name);
    if (block === undefined) {
      throw new UserError(
        `${file}: nothing generates "${name}". There are: ${[...blocks.keys()].join("; ")}.`,
      );
    }
    placed.add(name);
    return `<!-- generated:${name} -->\n\n${block}\n\n<!-- /generated -->`;
  });
}

/**
 * @param {string} file
 * @param {string} text
 */
async function formatted(file, text) {
  const absolute = path.join(ROOT, file);
  return prettier.format(text, { ...(await prettier.resolveConfig(absolute)), filepath: absolute });
}

/** @returns {Map<string, string>} markdown by the name of its block */
function generate() {
  const sources = new Sources();
  const blocks = new Map();
  const definitions = new Map(
    load("provider/clouds.js").clouds.flatMap(
      (/** @type {{ definitions: Record<string, Definition & { token: string }> }} */ cloud) =>
        Object.values(cloud.definitions).map((definition) => [definition.token, definition]),
    ),
  );
  for (const [cloud, exported] of Object.entries(load("provider/index.js"))) {
    if (typeof exported !== "object") {
      continue;
    }
    for (const [name, resource] of Object.entries(exported)) {
      if (typeof resource !== "function") {
        continue;
      }
      const title = `${cloud}.${name}`;
      /** @type {Definition | undefined} */
      const definition = definitions.get(`${cloud}:${name}`);
      if (definition === undefined) {
        blocks.set(`arguments ${title}`, memberTable("Argument", title, sources.argumentsOf(cloud, name)));
        blocks.set(`outputs ${title}`, memberTable("Output", title, sources.propertiesOf(cloud, name)));
        continue;
      }
      blocks.set(`arguments ${title}`, argumentTable(title, definition, sources.fieldsOf(cloud, name)));
      // Every argument is an output, too; a link has no others.
      if (Object.keys(definition.outputs).length > 0) {
        blocks.set(`outputs ${title}`, outputTable(title, definition, sources.outputsOf(cloud, name)));
      }
    }
  }
  for (const [name, rows] of settingTables(sources)) {
    blocks.set(`settings ${name}`, rows);
  }
  for (const [name, language] of /** @type {const} */ ([
    ["how it fails", "en"],
    ["how it fails, in Chinese", "zh"],
  ])) {
    const [header = [], ...rows] = trustRows(language);
    blocks.set(name, table(header, rows));
  }
  const emulator = load("emulator/index.js");
  for (const [name, value] of Object.entries(emulator)) {
    const [, constant = "", kind] = /^([A-Z_]+)_(SWITCHES|COVERAGE)$/.exec(name) ?? [];
    const cloud = constant.replaceAll("_", "").toLowerCase();
    if (kind === "SWITCHES") {
      blocks.set(`switches ${cloud}`, switchTable(emulator.switchRows(value)));
    }
    if (kind === "COVERAGE") {
      blocks.set(`coverage ${cloud}`, coverageTable(value));
    }
  }
  for (const [name, block] of referenceBlocks(load("emulator/start.js").emulatorReference())) {
    blocks.set(name, block);
  }
  return blocks;
}

/**
 * The reference of the emulator, from the entries by which it checks what is said to it.
 * @param {EmulatorReference} reference
 * @returns {Map<string, string>}
 */
function referenceBlocks({ options, control, bodies, faultRule, faults, sites }) {
  const part = (/** @type {string} */ heading, /** @type {ObjectReference} */ { meaning, members }) =>
    [heading, cell(meaning), ...(members.length > 0 ? [memberRows(members)] : [])].join("\n\n");
  const parts = (/** @type {string} */ level, /** @type {readonly ObjectReference[]} */ all) =>
    all.map((one) => part(`${level} ${code(one.name)}`, one));
  return new Map([
    ["emulator start options", parts("###", options).join("\n\n")],
    [
      "emulator control address",
      [
        table(
          ["Request", "Gives or does"],
          control.map(({ route, does }) => [code(route), cell(does)]),
        ),
        ...parts("###", bodies),
      ].join("\n\n"),
    ],
    [
      "emulator faults",
      [
        part("### A rule", faultRule),
        "### Faults of every site",
        ...parts("####", faults),
        ...sites.flatMap(({ name, faults: own }, i) =>
          isRepeated(sites, i, "faults") ? [] : [`### Faults of ${siteName(name)}`, ...parts("####", own)],
        ),
      ].join("\n\n"),
    ],
    [
      "emulator objects and actions",
      sites
        .flatMap(({ name, kinds, actions }, i) =>
          isRepeated(sites, i, "kinds")
            ? []
            : [
                `### Objects of ${siteName(name)}`,
                ...parts(
                  "####",
                  kinds.map(({ meaning: noun, ...kind }) => ({ ...kind, meaning: `One row is: ${noun}.` })),
                ),
                `### Actions of ${siteName(name)}`,
                ...(actions.length === 0 ? ["None."] : parts("####", actions)),
              ],
        )
        .join("\n\n"),
    ],
  ]);
}

/**
 * Two sites of one cloud are described once.
 * @param {readonly SiteReference[]} sites
 * @param {number} at
 * @param {"faults" | "kinds"} part
 */
function isRepeated(sites, at, part) {
  return at > 0 && JSON.stringify(sites[at]?.[part]) === JSON.stringify(sites[at - 1]?.[part]);
}

/** @param {string} name of a site; both sites of Security Center stand under the first */
function siteName(name) {
  return name.startsWith("securitycenter-")
    ? "`securitycenter-china` and `securitycenter-international`"
    : code(name);
}

/** @param {ObjectReference["members"]} members */
function memberRows(members) {
  const hasDefaults = members.some((row) => "default" in row);
  return table(
    ["Member", "Takes", ...(hasDefaults ? ["Default"] : []), "Meaning"],
    members.map((row) => [
      code(row.name) + (row.isRequired ? ", **required**" : ""),
      cell(row.takes),
      ...(hasDefaults ? ["default" in row ? code(JSON.stringify(row.default)) : ""] : []),
      cell(meaning(`the member ${row.name}`, row.meaning)),
    ]),
  );
}

/**
 * @param {string} title
 * @param {Definition} definition
 * @param {ReadonlyMap<string, string>} meanings
 */
function argumentTable(title, { fields }, meanings) {
  const rows = Object.entries(fields).map(([name, field]) => [
    code(name),
    [
      cell(load("provider/core/fields/shape.js").labelOf(field.type.shape)),
      ...(field.required ? ["**required**"] : []),
      ...(field.secret ? ["**secret**"] : []),
    ].join(", "),
    field.required ? "" : defaultInWords(field.default),
    changeInWords(field.change),
    cell(meaning(`the argument ${name} of ${title}`, meanings.get(name))),
  ]);
  return table(["Argument", "Type", "Default", "A change", "Meaning"], rows);
}

/**
 * @param {string} title
 * @param {Definition} definition
 * @param {ReadonlyMap<string, string>} meanings
 */
function outputTable(title, { outputs }, meanings) {
  const rows = Object.keys(outputs).map((name) => [
    code(name),
    cell(meaning(`the output ${name} of ${title}`, meanings.get(name))),
  ]);
  return table(["Output", "Meaning"], rows);
}

/**
 * What a component's arguments or outputs are: it has no field table, so their declarations are shown as they stand.
 * @param {"Argument" | "Output"} kind
 * @param {string} title
 * @param {readonly Member[]} members
 */
function memberTable(kind, title, members) {
  return table(
    [kind, "Type", "Meaning"],
    members.map(({ name, type, isRequired, comment }) => [
      code(name),
      code(type) + (kind === "Argument" && isRequired ? ", **required**" : ""),
      cell(meaning(`${name} of ${title}`, comment)),
    ]),
  );
}

/** @param {unknown} value */
function defaultInWords(value) {
  if (value === undefined) {
    return "none";
  }
  if (typeof value === "object" && value !== null && "label" in value) {
    return String(value.label);
  }
  return code(JSON.stringify(value));
}

/** @param {Field["change"]} change */
function changeInWords(change) {
  if (typeof change === "function") {
    return "updates or replaces";
  }
  return { update: "updates", replace: "replaces", ignored: "does nothing" }[change];
}

/**
 * The settings of each cloud, and those that every cloud has.
 * @param {Sources} sources
 * @returns {Map<string, string>}
 */
function settingTables(sources) {
  /** @type {Map<string, string>} */
  const tables = new Map();
  /** @type {Map<string, string[]>} */
  const shared = new Map();
  const sharedNames = Object.keys(load("provider/core/settings/transport-settings.js").transportSettings(""));
  /** @type {Record<string, SettingsTable>} */
  const clouds = {
    zstack: load("provider/zstack/settings/table.js").zstackSettings,
    securitycenter: load("provider/securitycenter/settings/table.js").securityCenterSettings,
  };
  for (const [cloud, { entries }] of Object.entries(clouds)) {
    const comments = sources.settingsOf(cloud);
    /** @type {string[][]} */
    const own = [];
    for (const [name, setting] of Object.entries(entries)) {
      const labels = [/** @type {string} */ (setting.kind)];
      if (setting.required) {
        labels.push("**required**");
      }
      if (setting.secret) {
        labels.push("**secret**");
      }
      const text = cell(meaning(`the setting ${name} of ${cloud}`, comments.get(name)));
      if (sharedNames.includes(name)) {
        shared.set(name, [code(name), labels.join(", "), text]);
      } else {
        const variables = (setting.env ?? []).map(code).join("<br>");
        own.push([code(setting.key), code(name), variables, labels.join(", "), text]);
      }
    }
    tables.set(cloud, table(["Stack config", "In `Provider`", "Environment", "Type", "Meaning"], own));
  }
  tables.set(ALL_CLOUDS, table(["Setting", "Type", "Meaning"], [...shared.values()]));
  return tables;
}

/** @param {readonly SwitchRow[]} rows */
function switchTable(rows) {
  return table(
    ["Switch", "Values", "Default", "Meaning"],
    rows.map((row) => [
      code(row.name),
      cell(row.values),
      code(JSON.stringify(row.default)),
      cell(meaning(`the switch ${row.name}`, row.meaning)),
    ]),
  );
}

/** @param {readonly CoverageRow[]} rows */
function coverageTable(rows) {
  return table(
    ["Call", "Routes", "Status", "Tested by"],
    rows.map(({ operation, routes, status, testedBy }) => [
      operation,
      routes.map(code).join("<br>"),
      status,
      testedBy === undefined ? "" : code(testedBy),
    ]),
  );
}

/** @param {string} file below dist/ */
function load(file) {
  return require(path.join(ROOT, "dist", file));
}

/**
 * @param {string} what
 * @param {string | undefined} comment
 */
function meaning(what, comment) {
  if (comment === undefined || comment.trim() === "") {
    throw new UserError(`Nothing says what ${what} means: give its entry a /** comment */.`);
  }
  return comment;
}

/** @param {string} text */
function code(text) {
  return `\`${text.replaceAll("|", "\\|")}\``;
}

/** @param {string} text */
function cell(text) {
  return text
    .replace(/\s*\n\s*/g, " ")
    .replaceAll("|", "\\|")
    .trim();
}

/**
 * @param {readonly string[]} header
 * @param {readonly (readonly string[])[]} rows
 */
function table(header, rows) {
  const line = (/** @type {readonly string[]} */ cells) => `| ${cells.join(" | ")} |`;
  return [line(header), line(header.map(() => "---")), ...rows.map(line)].join("\n");
}
