import { TextFailure } from "./errors";
import { javaTrim } from "./java";

/** Operators in the order in which the server looks for them (section 7). */
export const OPERATORS = [
  "!=",
  ">=",
  "<=",
  "!?=",
  "!~=",
  "~=",
  "?=",
  "=",
  ">",
  "<",
  "is null",
  "not null",
] as const;

/** One condition of a query. */
export interface Condition {
  readonly field: string;
  readonly operator: (typeof OPERATORS)[number];
  readonly value: string;
}

/**
 * Splits a condition as the server does (sections 7, 12.5): at the first operator of the list that occurs anywhere,
 * adjacent separators count as one, the name is trimmed, the value is not.
 */
export function parseCondition(text: string): Condition {
  const operator = OPERATORS.find((candidate) => text.includes(candidate));
  if (operator === undefined) {
    throw new TextFailure(400, `Invalid query parameter[${text}], no operator found`);
  }
  const at = text.indexOf(operator);
  const field = javaTrim(text.slice(0, at));
  if (field === "") {
    throw new TextFailure(400, `Invalid query parameter[${text}], no field name`);
  }
  let value = text.slice(at + operator.length);
  while (value.startsWith(operator)) {
    value = value.slice(operator.length);
  }
  return { field, operator, value };
}
