/**
 * Which keys of the config are settings, and which only look like one: a setting that is misspelt, or has another tool's name, would be
 * passed over in silence, and the default taken in its place.
 */
import { distance } from "fastest-levenshtein";
import type { ConfigLookup } from "./settings";
import type { SettingsTable } from "./table";

/** What is set and is no setting, each with a sentence about it. Names values of none. */
export function misnamed(config: ConfigLookup, table: SettingsTable): ReadonlyMap<string, string> {
  const found = new Map<string, string>();
  const settings = Object.values(table.settings).map(({ key }) => key);
  const others = table.foreign.others ?? [];
  const expected = expectedNames(table);
  for (const key of candidates(config, settings, [...expected.keys()])) {
    if (settings.includes(key) || others.includes(key) || !isSet(config, key)) {
      continue;
    }
    const meant = expected.get(key);
    if (meant !== undefined) {
      if (!meant.some((setting) => isSet(config, setting))) {
        found.set(key, `${key} is not a setting of this package: write ${meant[0]}.`);
      }
      continue;
    }
    const nearest = nearestTo(key, settings, others);
    if (nearest !== undefined) {
      found.set(key, `${key} is not a setting. Did you mean "${nearest}"?`);
    }
  }
  return found;
}

/** The names that people expect, each with the keys that stand for it. A setting of another namespace is expected in the cloud's own. */
function expectedNames({ cloud, settings, foreign }: SettingsTable): ReadonlyMap<string, readonly string[]> {
  const expected = new Map<string, readonly string[]>();
  for (const [name, { key }] of Object.entries(settings)) {
    if (namespaceOf(key) !== cloud) {
      expected.set(`${cloud}:${name}`, [key]);
    }
  }
  for (const [key, names] of Object.entries(foreign.expected)) {
    expected.set(
      key,
      names.flatMap((name) => settings[name]?.key ?? []),
    );
  }
  return expected;
}

/** All keys of the namespaces where they can be listed, else the likely ones. */
function candidates(
  config: ConfigLookup,
  settings: readonly string[],
  expected: readonly string[],
): readonly string[] {
  const namespaces = new Set(settings.map(namespaceOf));
  return config.keys === undefined
    ? [...expected, ...settings.flatMap(otherSpellings)]
    : config.keys.filter((key) => namespaces.has(namespaceOf(key))).sort();
}

/** `accessKey` as other tools write it. */
function otherSpellings(setting: string): string[] {
  const namespace = namespaceOf(setting);
  const words = nameOf(setting).split(/(?=[A-Z])/);
  return ["_", "-", ""].map((joint) => `${namespace}:${words.join(joint).toLowerCase()}`);
}

/** The setting that a key was probably meant to be. Names of one's own that only share a few letters with it are left alone. */
function nearestTo(key: string, settings: readonly string[], others: readonly string[]): string | undefined {
  const name = plain(nameOf(key));
  const sameName = settings.find((setting) => plain(nameOf(setting)) === name);
  if (sameName !== undefined) {
    return sameName;
  }
  const inReach = [...settings, ...others]
    .filter((setting) => namespaceOf(setting) === namespaceOf(key))
    .map((setting) => ({ setting, edits: distance(name, plain(nameOf(setting))) }))
    .filter(({ setting, edits }) => edits <= Math.max(1, Math.floor(nameOf(setting).length / 5)))
    .sort((a, b) => a.edits - b.edits);
  const nearest = inReach[0]?.setting;
  return nearest !== undefined && settings.includes(nearest) ? nearest : undefined;
}

function isSet(config: ConfigLookup, key: string): boolean {
  return (config(key) ?? "") !== "";
}

function namespaceOf(key: string): string {
  return key.slice(0, key.indexOf(":"));
}

function nameOf(key: string): string {
  return key.slice(key.indexOf(":") + 1);
}

function plain(name: string): string {
  return name.replace(/[-_. ]/g, "").toLowerCase();
}
