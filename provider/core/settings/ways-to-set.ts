import type { SettingsTable } from "./table";

/** Every way to say what to connect to and who calls: what a message about a connection that is not set up ends with. */
export function waysToSet(table: SettingsTable): string {
  return [
    "Set one of these:",
    `- stack config: ${inConfig(table)};`,
    `- environment: ${inEnvironment(table)};`,
    `- in the program: ${inProgram(table)} and the resource option \`provider\`.`,
  ].join("\n");
}

function inConfig(table: SettingsTable): string {
  const [usual = "", ...others] = table.places.map(
    ({ setting, example, placeholder = example }) => `${keyOf(table, setting)} ${placeholder}`,
  );
  const proofs = identities(table).map((names) =>
    names
      .map(
        (name) =>
          (table.settings[name]?.secret === true ? "pulumi config set --secret " : "") + keyOf(table, name),
      )
      .map((command) => `\`${command}\``)
      .join(" and "),
  );
  const place = firstOfAll([`\`pulumi config set ${usual}\``, ...others.map((other) => `\`${other}\``)]);
  return `${place}, then ${proofs.join(", or ")}`;
}

function inEnvironment(table: SettingsTable): string {
  const place = firstOfAll(table.places.flatMap(({ setting }) => families(table, [setting])));
  const proofs = identities(table).map((names) => firstOfAll(families(table, names)));
  const others = table.elsewhere === undefined ? [] : [`any other source of ${table.elsewhere.sources}`];
  return `${place}, then ${[...proofs, ...others].join(", or ")}`;
}

function inProgram({ cloud, places }: SettingsTable): string {
  const { setting = "", example = "" } = places.at(-1) ?? {};
  return `\`new Provider("name", { ${cloud}: { ${setting}: "${example}" } })\``;
}

/** The settings that say who calls, by the identity they stand for. */
function identities({ credentials, elsewhere }: SettingsTable): readonly (readonly string[])[] {
  return elsewhere === undefined ? credentials : [...credentials, [elsewhere.setting]];
}

/** The variables of some settings, by the family that they are given in. */
function families({ settings }: SettingsTable, names: readonly string[]): string[] {
  const variables = names.map((name) => settings[name]?.environment ?? []);
  return (variables[0] ?? []).map((_first, family) =>
    variables.flatMap((ofOne) => ofOne[family] ?? []).join(" and "),
  );
}

function keyOf({ settings }: SettingsTable, name: string): string {
  return settings[name]?.key ?? name;
}

/** `a (or b, c)`. */
function firstOfAll([first = "", ...others]: readonly string[]): string {
  return others.length === 0 ? first : `${first} (or ${others.join(", ")})`;
}
