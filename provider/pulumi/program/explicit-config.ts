import * as pulumi from "@pulumi/pulumi";
import { misnamed } from "../../core/settings/setting-names";
import { noAccident, ruleOf } from "../../core/settings/setting-rules";
import { asSentence, PROVIDER_NOTES } from "../../core/settings/settings";
import type { Setting, SettingsTable } from "../../core/settings/table";
import type { Shape } from "../../core/shape";
import { didYouMean } from "../../core/suggest";
import { isSecretInConfig } from "./secret-config";

/** The settings of every cloud, under the name that an explicit provider gives it. */
export type CloudSettings = Readonly<Record<string, SettingsTable>>;

/**
 * The inputs of an explicit provider. What is given for a cloud must be whole; a cloud that is left out is taken over from the
 * stack config, because a provider's process sees only what it is given. What was secret there or here stays it.
 *
 * Refused is what is plainly wrong with values that are known; outputs are looked at in the provider's process.
 *
 * @throws RunError, which Pulumi prints as one sentence, listing everything wrong with one cloud's settings
 */
export function explicitConfig(name: string, clouds: CloudSettings, args: object): pulumi.Inputs {
  const known = Object.keys(clouds);
  for (const given of Object.keys(args)) {
    if (!known.includes(given)) {
      throw new pulumi.RunError(
        `Provider "${name}": ${given} is not a cloud of this package.${didYouMean(given, known)}`,
      );
    }
  }
  const config: pulumi.Inputs = {};
  for (const [cloud, table] of Object.entries(clouds)) {
    const given = (args as Record<string, unknown>)[cloud] ?? undefined;
    Object.assign(config, given === undefined ? fromStackConfig(table) : fromArguments(name, table, given));
  }
  return config;
}

function fromArguments(name: string, table: SettingsTable, given: unknown): pulumi.Inputs {
  const problems = isSettings(given) ? problemsOf(table, given) : ["must be an object with the settings."];
  if (problems.length > 0 || !isSettings(given)) {
    throw new pulumi.RunError(`Provider "${name}", ${table.cloud}: ${problems.join(" ")}`);
  }
  const config = Object.fromEntries(
    Object.entries(table.settings)
      .filter(([name]) => isGiven(given[name]))
      .map(([name, { key, secret }]) => [key, asText(given[name], secret === true)]),
  );
  return { ...config, ...notesOn(table, given) };
}

function isSettings(given: unknown): given is Record<string, unknown> {
  return typeof given === "object" && given !== null && !Array.isArray(given) && !isLater(given);
}

function problemsOf(table: SettingsTable, given: Record<string, unknown>): string[] {
  const { settings, credentials, elsewhere } = table;
  const names = Object.keys(settings);
  const problems: string[] = [];
  const has = (setting: string): boolean => isGiven(given[setting]);
  for (const setting of Object.keys(given)) {
    if (!names.includes(setting)) {
      problems.push(`${setting} is not a setting.${didYouMean(setting, names)}`);
    }
  }
  for (const setting of requiredOf(table).filter((one) => !has(one))) {
    problems.push(`${setting} is required.`);
  }
  // Credentials of another source must never be sent to an endpoint that was given here.
  const begun = credentials.filter((group) => group.some(has));
  const isWhole = begun.some((group) => group.every(has));
  if (!isWhole && (begun.length > 0 || elsewhere === undefined)) {
    problems.push(
      `credentials are required: ${credentials.map((group) => group.join(" and ")).join(", or ")}.`,
    );
  }
  for (const [name, setting] of Object.entries(settings)) {
    const problem = has(name) ? problemOf(setting, given[name]) : undefined;
    if (problem !== undefined) {
      problems.push(asSentence(name, problem));
    }
  }
  return problems;
}

function requiredOf({ settings }: SettingsTable): string[] {
  return Object.keys(settings).filter((name) => settings[name]?.required === true);
}

/** What is wrong with a value that is known in the program. */
function problemOf(setting: Setting, value: unknown): string | undefined {
  if (holdsLater(value)) {
    return undefined;
  }
  const type = typeOf(setting.shape);
  // Numbers and booleans may be written as stack config holds them.
  const isOfType = type === "object" ? isSettings(value) : typeof value === type || typeof value === "string";
  if (!isOfType) {
    return type === "object" ? "must be an object" : `must be a ${type}`;
  }
  const text = textOf(value) ?? "";
  return noAccident(text) ?? ruleOf(setting)?.(text.trim());
}

function typeOf({ kind }: Shape): "string" | "number" | "boolean" | "object" {
  switch (kind) {
    case "flag":
      return "boolean";
    case "integer":
      return "number";
    case "object":
      return "object";
    default:
      return "string";
  }
}

/** Whether a value will be known later. */
function isLater(value: unknown): boolean {
  return pulumi.Output.isInstance(value) || value instanceof Promise;
}

function holdsLater(value: unknown): boolean {
  return (
    isLater(value) || (typeof value === "object" && value !== null && Object.values(value).some(holdsLater))
  );
}

function isGiven(value: unknown): boolean {
  return value !== undefined && value !== null && !(typeof value === "string" && value.trim() === "");
}

/** What the process of the provider cannot see in the values themselves. */
function notesOn(table: SettingsTable, given: Record<string, unknown>): pulumi.Inputs {
  const { cloud, settings, credentials, elsewhere } = table;
  const notes: pulumi.Inputs = {};
  const required = requiredOf(table);
  const needed = [...new Set([...required, ...credentials.flat()])];
  if (elsewhere === undefined && needed.some((setting) => isLater(given[setting]))) {
    const values: pulumi.Output<unknown[]> = pulumi.all(
      needed.map((setting) => pulumi.output(given[setting])),
    );
    notes[`${cloud}:${PROVIDER_NOTES.missing}`] = pulumi.unsecret(
      values.apply((resolved) => {
        const isThere = (setting: string): boolean => isGiven(resolved[needed.indexOf(setting)]);
        const isWhole = credentials.some((group) => group.every(isThere));
        const missing = [
          ...required.filter((setting) => !isThere(setting)),
          ...(isWhole ? [] : credentials.flat().filter((one) => isGiven(given[one]) && !isThere(one))),
        ];
        return missing.length === 0 ? undefined : missing.join(",");
      }),
    );
  }
  const later = Object.entries(settings).filter(
    ([name, { secret }]) => secret !== true && holdsLater(given[name]),
  );
  if (later.length > 0) {
    notes[`${cloud}:${PROVIDER_NOTES.secret}`] = Promise.all(
      later.map(async ([name, { key }]) =>
        (await pulumi.isSecret(pulumi.output(given[name]))) ? key : undefined,
      ),
    ).then((keys) => keys.filter((key) => key !== undefined).join(",") || undefined);
  }
  return notes;
}

/** Everything of the namespaces that is a setting, or may have been meant as one: then the process that uses them says so. */
function fromStackConfig(table: SettingsTable): pulumi.Inputs {
  const config = pulumi.runtime.allConfig();
  const lookup = Object.assign((key: string) => config[key], { keys: Object.keys(config) });
  const settings = Object.values(table.settings);
  const keys = [
    ...settings.map(({ key }) => key),
    ...misnamed(lookup, table).keys(),
    ...(table.foreign.watched ?? []),
  ];
  const secretKeys = settings.filter(({ secret }) => secret === true).map(({ key }) => key);
  return Object.fromEntries(
    keys
      .filter((key) => config[key] !== undefined)
      .map((key) => [
        key,
        secretKeys.includes(key) || isSecretInConfig(key) ? pulumi.secret(config[key]) : config[key],
      ]),
  );
}

/** Config values are text; others are written out as stack config would hold them, and nothing stays nothing. */
function asText(value: unknown, isSecret: boolean): pulumi.Output<string | undefined> {
  return (pulumi.output(value) as pulumi.Output<unknown>).apply((resolved) => {
    const text = textOf(resolved);
    return text === undefined || !isSecret ? pulumi.output(text) : pulumi.secret(text);
  });
}

function textOf(value: unknown): string | undefined {
  if (value === undefined || value === null) {
    return undefined;
  }
  // JSON knows no NaN.
  return typeof value === "string"
    ? value
    : typeof value === "number"
      ? String(value)
      : JSON.stringify(value);
}
