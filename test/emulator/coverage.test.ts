import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { ZSTACK_COVERAGE } from "../../emulator";
import { compareCoverage } from "../../emulator/frame/coverage";
import { zstackRoutes } from "../../emulator/zstack/coverage";

describe("coverage matrix", () => {
  test("names exactly the routes that exist", () => {
    expect(compareCoverage(ZSTACK_COVERAGE, zstackRoutes())).toEqual({
      missingInMatrix: [],
      missingInCode: [],
    });
  });

  test("notices what is missing on either side", () => {
    const rows = [
      { operation: "A", routes: ["GET /a"], status: "implemented" as const },
      { operation: "B", routes: ["GET /b"], status: "absent" as const },
    ];
    const routed = new Map([
      ["B", ["GET /b"]],
      ["C", ["GET /c"]],
    ]);
    expect(compareCoverage(rows, routed)).toEqual({
      missingInMatrix: ["B GET /b", "C GET /c"],
      missingInCode: ["A GET /a"],
    });
  });

  test.each(ZSTACK_COVERAGE.filter((row) => row.status !== "absent"))(
    "$operation is covered by $testedBy",
    ({ operation, testedBy }) => {
      const file = join(__dirname, testedBy ?? "");
      expect(testedBy !== undefined && existsSync(file)).toBe(true);
      expect(readFileSync(file, "utf8")).toContain(operation);
    },
  );
});
