import { Words } from "../../scripts/translations.cjs";

test("a text that has no Chinese words, and words that nobody asks for, are named", () => {
  const words = new Words({ "An old comment.": "旧的注释。", "A topic.": "主题。", "Empty.": "" });
  expect([words.of("A topic."), words.of("A new comment."), words.of("Empty.")]).toEqual([
    "主题。",
    "A new comment.",
    "",
  ]);
  expect(words.complaints()).toEqual([
    '  missing: "A new comment."',
    '  missing: "Empty."',
    '  stale:   "An old comment."',
  ]);
});

test("without a table everything stays as it is, and nothing is missing", () => {
  const words = new Words();
  expect(words.of("A topic.")).toBe("A topic.");
  expect(words.complaints()).toEqual([]);
});
