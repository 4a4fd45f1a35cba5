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
/** @typedef {import("../provider/core/settings/table.ts").SettingsTable} SettingsTable */
/** @typedef {import("../provider/core/settings/table.ts").Setting} Setting */
/** @typedef {import("../provider/core/settings/table.ts").SettingMember} SettingMember */
/** @typedef {import("../emulator/index.ts").SwitchRow} SwitchRow */
/** @typedef {import("../emulator/index.ts").CoverageRow} CoverageRow */
/** @typedef {import("../emulator/reference.ts").EmulatorReference} EmulatorReference */
/** @typedef {import("../emulator/reference.ts").ObjectReference} ObjectReference */
/** @typedef {import("../emulator/reference.ts").SiteReference} SiteReference */
/** @typedef {import("./meanings.mjs").Member} Member */
/** @typedef {{ fields: Record<string, Field>, outputs: Record<string, { isId?: true }> }} Definition */

const MARKED = /^<!-- generated:([^>]*?) -->\n[^]*?^<!-- \/generated -->/gm;

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
    blocks.set(name, rows);
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
      cell(load("provider/core/shape.js").labelOf(field.type.shape)),
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
 * The settings of each cloud with their variables, and those that every cloud has.
 * @param {Sources} sources
 * @returns {Map<string, string>}
 */
function settingTables(sources) {
  /** @type {SettingsTable[]} */
  const all = load("provider/clouds.js").clouds.map(
    (/** @type {{ settings: SettingsTable }} */ one) => one.settings,
  );
  /** @type {Record<string, Setting>} */
  const shared = load("provider/core/settings/transport-settings.js").TRANSPORT_SETTINGS;
  const row = (
    /** @type {string} */ name,
    /** @type {Setting} */ setting,
    /** @type {Map<string, string>} */ meanings,
  ) => [code(name), settingInWords(setting), cell(settingMeaning(name, setting, meanings.get(name)))];
  const sharedMeanings = sources.entriesOf("core/settings/transport-settings.ts", "TRANSPORT_SETTINGS");
  const tables = new Map([
    [
      "settings every cloud",
      table(
        ["Setting", "Type", "Meaning"],
        Object.entries(shared).map(([name, one]) => row(name, one, sharedMeanings)),
      ),
    ],
  ]);
  for (const { cloud, settings } of all) {
    const meanings = sources.entriesOf(`${cloud}/settings/table.ts`, "settings");
    const own = Object.entries(settings).filter(([name]) => !(name in shared));
    tables.set(
      `settings ${cloud}`,
      table(
        ["Stack config", "In `Provider`", "Type", "Meaning"],
        own.map(([name, one]) => [code(one.key), ...row(name, one, meanings)]),
      ),
    );
    tables.set(
      `environment ${cloud}`,
      table(
        ["Environment, first found wins", "Instead of"],
        own.flatMap(([, one]) => variableRows(one.key, one)),
      ),
    );
  }
  return tables;
}

/** @param {Setting} setting */
function settingInWords({ shape, required: isRequired, secret }) {
  return [
    cell(load("provider/core/shape.js").labelOf(shape)),
    ...(isRequired ? ["**required**"] : []),
    ...(secret ? ["**secret**"] : []),
  ].join(", ");
}

/**
 * Editors show the comment alone, so it must tell the default.
 * @param {string} name
 * @param {Setting} setting
 * @param {string | undefined} comment
 */
function settingMeaning(name, { default: value }, comment) {
  const said = meaning(`the setting ${name}`, comment);
  if (typeof value === "number" && !said.includes(`${value} by default`)) {
    throw new UserError(`The comment of the setting ${name} does not say "${value} by default".`);
  }
  return said;
}

/**
 * @param {string} key
 * @param {SettingMember} setting
 * @returns {string[][]}
 */
function variableRows(key, { shape, environment = [] }) {
  const variables = environment.map((one) => [one].flat().map(code).join(" with "));
  return [
    ...(variables.length > 0 ? [[variables.join(", "), code(key)]] : []),
    ...(shape.kind === "object"
      ? Object.entries(shape.members).flatMap(([name, member]) => variableRows(`${key}.${name}`, member))
      : []),
  ];
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
