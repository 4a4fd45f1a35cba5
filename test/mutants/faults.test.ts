import * as fs from "node:fs";
import * as path from "node:path";
import { FAULTS } from "./faults.cjs";

/** The faults of `npm run test:mutants` can still be made. Whether tests notice them takes minutes, so that has its own command. */

const ROOT = path.resolve(__dirname, "..", "..");

test.each(FAULTS.map((fault) => [fault.fault, fault] as const))(
  "can be made: %s",
  (_fault, { file, find, put }) => {
    const text = fs.readFileSync(path.join(ROOT, file), "utf8");
    expect(text.split(find)).toHaveLength(2);
    expect(put).not.toBe(find);
  },
);

test("there are enough of them", () => {
  expect(FAULTS.length).toBeGreaterThanOrEqual(40);
});
