// @ts-check
// `npm run docs`: writes the lists and tables of docs/ from the code. `--check` only says whether they are current.
//
// What fails how comes from the figures that whole runs of the suites left (trust-table.mjs).
//
// A block stands between `<!-- generated:<name> -->` and `<!-- /generated -->`. What a field is comes from the compiled
// package (types, defaults, change rules); what it means, from the JSDoc comment of its one entry in the sources; what the
// vendor calls it, from vendor-words.mjs. On Chinese pages the words are those of docs/zh/translations.json, which must
// have every one of them and no other.

import fs from "node:fs";
import { createRequire } from "node:module";
import path from "node:path";
import prettier from "prettier";
import { Sources } from "./meanings.mjs";
import { runMain, say, UserError } from "./processes.mjs";
import { ROOT, setUp } from "./setup.mjs";
import { trustRows } from "./trust-table.mjs";
import { VENDOR_WORDS } from "./vendor-words.mjs";

const require = createRequire(import.meta.url);
const { CHINESE, Words } = /** @type {typeof import("./translations.cjs")} */ (require("./translations.cjs"));

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
/** @typedef {"en" | "zh"} Language */
/** @typedef {InstanceType<typeof import("./translations.cjs").Words>} Translator */

const MARKED = /^<!-- generated:([^>]*?) -->\n[^]*?^<!-- \/generated -->/gm;

runMain(async () => {
  const isCheck = process.argv.includes("--check");
  await setUp();
  const sources = new Sources();
  const chinese = new Words(JSON.parse(fs.readFileSync(path.join(ROOT, CHINESE), "utf8")));
  /** @type {Record<Language, Map<string, string>>} */
  const pages = { en: pageBlocks(sources, new Words(), "en"), zh: pageBlocks(sources, chinese, "zh") };
  const complaints = chinese.complaints();
  if (complaints.length > 0) {
    throw new UserError(`${CHINESE} does not fit what the code says:\n${complaints.join("\n")}`);
  }
  const names = emulatorBlocks();

  /** @type {Record<Language | "names", Set<string>>} what has its place, by where it is looked for */
  const placed = { en: new Set(), zh: new Set(), names: new Set() };
  /** @type {string[]} */
  const stale = [];
  for (const file of documents()) {
    const language = languageOf(file);
    const before = fs.readFileSync(path.join(ROOT, file), "utf8");
    const after = await formatted(
      file,
      language === undefined
        ? filled(file, before, names, placed.names)
        : filled(file, before, pages[language], placed[language]),
    );
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

  requirePlaces("a page below docs/en", pages.en, placed.en);
  requirePlaces("a page below docs/zh", pages.zh, placed.zh);
  requirePlaces("docs/emulator-reference.md", names, placed.names);
  if (stale.length > 0) {
    throw new UserError(
      `Generated parts are not what the code says in: ${stale.join(", ")}. Run \`npm run docs\`.`,
    );
  }
});

/**
 * @param {string} where
 * @param {ReadonlyMap<string, string>} blocks
 * @param {ReadonlySet<string>} placed
 */
function requirePlaces(where, blocks, placed) {
  const homeless = [...blocks.keys()].filter((name) => !placed.has(name));
  if (homeless.length > 0) {
    throw new UserError(
      `No document has a place for: ${homeless.join("; ")}.\n` +
        `Add these two lines to ${where}: <!-- generated:${homeless[0]} --> and <!-- /generated -->.`,
    );
  }
}

/** @returns {string[]} relative paths */
function documents() {
  const below = fs
    .readdirSync(path.join(ROOT, "docs"), { recursive: true, encoding: "utf8" })
    .map((name) => path.join("docs", name));
  return [...fs.readdirSync(ROOT), ...below].filter((name) => name.endsWith(".md")).sort();
}

/**
 * Pages for users stand in a folder of their language; what stands elsewhere is English, and for all.
 * @param {string} file
 * @returns {Language | undefined}
 */
function languageOf(file) {
  const [folder, language] = file.split(path.sep);
  return folder === "docs" && (language === "en" || language === "zh") ? language : undefined;
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

/**
 * What pages for users show of the provider.
 * @param {Sources} sources
 * @param {Translator} words
 * @param {Language} language
 * @returns {Map<string, string>} markdown by the name of its block
 */
function pageBlocks(sources, words, language) {
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
        blocks.set(`arguments ${title}`, memberList(words, title, sources.argumentsOf(cloud, name), true));
        blocks.set(`outputs ${title}`, memberList(words, title, sources.propertiesOf(cloud, name), false));
        continue;
      }
      blocks.set(`arguments ${title}`, argumentList(words, title, definition, sources.fieldsOf(cloud, name)));
      // Every argument is an output, too; a link has no others.
      if (Object.keys(definition.outputs).length > 0) {
        blocks.set(`outputs ${title}`, outputList(words, title, definition, sources.outputsOf(cloud, name)));
      }
    }
  }
  for (const [name, list] of settingLists(sources, words)) {
    blocks.set(name, list);
  }
  const [header = [], ...rows] = trustRows(language);
  blocks.set("how it fails", table(header, rows));
  return blocks;
}

/**
 * What the emulator takes, which is said in English only: these are names, for users of any language.
 * @returns {Map<string, string>} markdown by the name of its block
 */
function emulatorBlocks() {
  const blocks = referenceBlocks(load("emulator/start.js").emulatorReference());
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
 * @param {Translator} words
 * @param {string} title
 * @param {Definition} definition
 * @param {ReadonlyMap<string, string>} meanings
 */
function argumentList(words, title, { fields }, meanings) {
  const vendorWords = VENDOR_WORDS[title] ?? {};
  const [odd] = Object.keys(vendorWords).filter((name) => !(name in fields));
  if (odd !== undefined) {
    throw new UserError(`scripts/vendor-words.mjs: ${title} has no argument ${odd}.`);
  }
  return list(
    Object.entries(fields).map(([name, field]) => {
      const vendorWord = vendorWords[name];
      if (vendorWord === undefined) {
        throw new UserError(
          `scripts/vendor-words.mjs does not say what the vendor calls ${name} of ${title}.`,
        );
      }
      return {
        name,
        facts: [
          words.of(load("provider/core/shape.js").labelOf(field.type.shape)),
          field.required ? strong(words.of("required")) : defaultInWords(words, field.default),
          ...(field.secret ? [strong(words.of("secret"))] : []),
          words.of(changeInWords(field.change)),
          vendorWord === "" ? words.of("known here only") : `${words.of("the vendor's")} ${vendorWord}`,
        ],
        meaning: words.of(flat(meaning(`the argument ${name} of ${title}`, meanings.get(name)))),
      };
    }),
  );
}

/**
 * @param {Translator} words
 * @param {string} title
 * @param {Definition} definition
 * @param {ReadonlyMap<string, string>} meanings
 */
function outputList(words, title, { outputs }, meanings) {
  return list(
    Object.keys(outputs).map((name) => ({
      name,
      facts: [],
      meaning: words.of(flat(meaning(`the output ${name} of ${title}`, meanings.get(name)))),
    })),
  );
}

/**
 * What a component's arguments or outputs are: it has no field table, so their declarations are shown as they stand.
 * @param {Translator} words
 * @param {string} title
 * @param {readonly Member[]} members
 * @param {boolean} areGiven
 */
function memberList(words, title, members, areGiven) {
  return list(
    members.map(({ name, type, isRequired, comment }) => ({
      name,
      facts: [`\`${type}\``, ...(areGiven && isRequired ? [strong(words.of("required"))] : [])],
      meaning: words.of(flat(meaning(`${name} of ${title}`, comment))),
    })),
  );
}

/**
 * @param {Translator} words
 * @param {unknown} value
 */
function defaultInWords(words, value) {
  if (value === undefined) {
    return words.of("no default");
  }
  if (typeof value === "object" && value !== null && "label" in value) {
    return words.of(String(value.label));
  }
  return `${words.of("default")} \`${JSON.stringify(value)}\``;
}

/** @param {Field["change"]} change */
function changeInWords(change) {
  if (typeof change === "function") {
    return "a change updates or replaces";
  }
  return { update: "a change updates", replace: "a change replaces", ignored: "a change does nothing" }[
    change
  ];
}

/**
 * The settings of each cloud with their variables, and those that every cloud has.
 * @param {Sources} sources
 * @param {Translator} words
 * @returns {Map<string, string>}
 */
function settingLists(sources, words) {
  /** @type {SettingsTable[]} */
  const all = load("provider/clouds.js").clouds.map(
    (/** @type {{ settings: SettingsTable }} */ one) => one.settings,
  );
  /** @type {Record<string, Setting>} */
  const shared = load("provider/core/settings/transport-settings.js").TRANSPORT_SETTINGS;
  const entry = (
    /** @type {string} */ name,
    /** @type {string} */ shown,
    /** @type {Setting} */ setting,
    /** @type {Map<string, string>} */ meanings,
  ) => ({
    name: shown,
    facts: [
      ...(shown === name ? [] : [`${words.of("in `Provider`")} \`${name}\``]),
      ...settingFacts(words, setting),
    ],
    meaning: words.of(flat(settingMeaning(name, setting, meanings.get(name)))),
    more: variables(words, setting),
  });
  const sharedMeanings = sources.entriesOf("core/settings/transport-settings.ts", "TRANSPORT_SETTINGS");
  const lists = new Map([
    [
      "settings every cloud",
      list(Object.entries(shared).map(([name, one]) => entry(name, name, one, sharedMeanings))),
    ],
  ]);
  for (const { cloud, settings } of all) {
    const meanings = sources.entriesOf(`${cloud}/settings/table.ts`, "settings");
    const own = Object.entries(settings).filter(([name]) => !(name in shared));
    lists.set(`settings ${cloud}`, list(own.map(([name, one]) => entry(name, one.key, one, meanings))));
  }
  return lists;
}

/**
 * @param {Translator} words
 * @param {Setting} setting
 */
function settingFacts(words, { shape, required: isRequired, secret }) {
  return [
    words.of(load("provider/core/shape.js").labelOf(shape)),
    ...(isRequired ? [strong(words.of("required"))] : []),
    ...(secret ? [strong(words.of("secret"))] : []),
  ];
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
 * Which variables of the environment give a setting, or members of it.
 * @param {Translator} words
 * @param {SettingMember} setting
 * @returns {string[]}
 */
function variables(words, setting) {
  const rows = variableRows("", setting).map(([member, all]) =>
    member === "" ? all : `\`${member.slice(1)}\`: ${all}`,
  );
  return rows.length === 0 ? [] : [`${words.of("Environment, first found wins:")} ${rows.join("; ")}`];
}

/**
 * @param {string} member
 * @param {SettingMember} setting
 * @returns {[member: string, variables: string][]}
 */
function variableRows(member, { shape, environment = [] }) {
  const own = environment.map((one) => [one].flat().map(code).join(" + "));
  return [
    ...(own.length > 0 ? [/** @type {[string, string]} */ ([member, own.join(", ")])] : []),
    ...(shape.kind === "object"
      ? Object.entries(shape.members).flatMap(([name, one]) => variableRows(`${member}.${name}`, one))
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

/** @param {string} file below build/ */
function load(file) {
  return require(path.join(ROOT, "build", file));
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
  return flat(text).replaceAll("|", "\\|");
}

/** @param {string} text */
function flat(text) {
  return text.replace(/\s*\n\s*/g, " ").trim();
}

/** @param {string} text */
function strong(text) {
  return `**${text}**`;
}

/**
 * What would be a wide table: one item for each name, with its facts on a line and its meaning below.
 * @param {readonly { name: string, facts: readonly string[], meaning: string, more?: readonly string[] }[]} entries
 */
function list(entries) {
  return entries
    .map(({ name, facts, meaning: said, more = [] }) =>
      facts.length === 0
        ? `- \`${name}\`: ${said}`
        : [`- \`${name}\`: ${facts.join(" · ")}`, ...[said, ...more].map((line) => `  ${line}`)].join("\n\n"),
    )
    .join("\n");
}

/**
 * @param {readonly string[]} header
 * @param {readonly (readonly string[])[]} rows
 */
function table(header, rows) {
  const line = (/** @type {readonly string[]} */ cells) => `| ${cells.join(" | ")} |`;
  return [line(header), line(header.map(() => "---")), ...rows.map(line)].join("\n");
}
