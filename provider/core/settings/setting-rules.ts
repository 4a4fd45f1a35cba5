/** What the values of settings may be. Programs check what they know with these rules, and the provider's process everything. */
import type { SettingMember } from "./table";

/** What is wrong with a text, as continuation of "`setting` …"; `undefined` for nothing. Must not quote the text. */
export type Rule = (text: string) => string | undefined;

/** What a setting's text is judged by; `undefined` where any text will do. */
export function ruleOf({ rule, shape }: SettingMember): Rule | undefined {
  if (rule !== undefined) {
    return rule;
  }
  switch (shape.kind) {
    case "integer":
      return wholeNumber(shape);
    case "flag":
      return flag;
    default:
      return undefined;
  }
}

/** Says of a text that it is none, but what a program makes of something else by accident; `undefined` for any other. */
export const noAccident: Rule = (text) => {
  const word = /^(?:undefined|null|NaN|\[object \w+\])$/.exec(text.trim())?.[0];
  if (word !== undefined) {
    return `holds the text "${word}", which a program makes of something that is no text: leave the setting out where there is no value`;
  }
  return /Calling \[?toString\]? on an \[?Output<T>\]? is not supported/.test(text)
    ? "holds an Output that was written as text: build it with pulumi.interpolate"
    : undefined;
};

function wholeNumber({ min, max }: { readonly min: number; readonly max: number }): Rule {
  return (text) =>
    /^\d+$/.test(text) && Number(text) >= min && Number(text) <= max
      ? undefined
      : `must be a whole number from ${min} to ${max}`;
}

const flag: Rule = (text) => (text === "true" || text === "false" ? undefined : "must be true or false");
