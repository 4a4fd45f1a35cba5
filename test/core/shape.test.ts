import { labelOf, schemaTypeOf, type Shape } from "../../provider/core/shape";
import { allDefinitions } from "../trust/support/all-definitions";

/** What is derived from the shapes of values. */

const ARGUMENTS = allDefinitions().flatMap(({ token, fields }) =>
  Object.entries(fields as Readonly<Record<string, { type: { shape: Shape } }>>).map(
    ([name, { type }]) => [`${String(token)}.${name}`, type.shape] as const,
  ),
);

const TYPE: unknown = expect.stringMatching(/^(?:string|boolean|integer|array|object)$/);

test.each(ARGUMENTS)("%s has a label and a type for a schema", (_name, shape) => {
  expect(labelOf(shape)).not.toBe("");
  const type = schemaTypeOf(shape);
  for (const one of type.oneOf ?? [type]) {
    expect(one).toMatchObject({ type: TYPE });
  }
});

test("a schema tells members, elements, words and what is required", () => {
  const shape: Shape = {
    kind: "union",
    of: [
      { kind: "enum", words: ["a", "b"] },
      {
        kind: "object",
        members: {
          id: { shape: { kind: "id" }, required: true },
          on: { shape: { kind: "flag" } },
          tags: { shape: { kind: "set", element: { kind: "text" } } },
          persons: {
            shape: { kind: "map", keys: "phone number", values: { kind: "integer", min: 0, max: 9 } },
          },
        },
      },
    ],
  };
  expect(labelOf(shape)).toBe('"a", "b" or { id, on?, tags?, persons? }');
  expect(schemaTypeOf(shape)).toEqual({
    oneOf: [
      { type: "string", enum: ["a", "b"] },
      {
        type: "object",
        required: ["id"],
        properties: {
          id: { type: "string" },
          on: { type: "boolean" },
          tags: { type: "array", items: { type: "string" } },
          persons: { type: "object", additionalProperties: { type: "integer" } },
        },
      },
    ],
  });
});
