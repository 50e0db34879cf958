import { type Review, renderReview, renderReviewMarkdown } from "../../scripts/review";

/** A name that somebody else chose. */
const hostile = "tags.a\u009b2J\u202e|<b>";

const review: Review = {
  stack: "dev",
  terraform: {
    changes: [
      {
        address: `oci_identity_domain.Domain["${hostile}"]`,
        type: "oci_identity_domain",
        action: "replace",
        attributes: [{ path: hostile, before: '"first line"', after: `"${hostile}"` }],
      },
    ],
    notes: [`is kept: ${hostile}`],
    ords: undefined,
    outputs: [],
  },
  ords: undefined,
  refusal:
    "replace oci_identity_domain.Domain: its clients lose their id and secret\nprivilege hello.read is in the way",
};

test("what is blocked stands in the first line, for a person and for a pull request", () => {
  expect(renderReview(review).split("\n").slice(0, 2).join("\n")).toMatch(/BLOCKED: replace .*secret\n.*in the way/);
  const lines = renderReviewMarkdown(review).split("\n");
  expect(lines[0]).toMatch(/^\*\*dev\*\*: \*\*BLOCKED\*\*: Terraform 1 to replace; ORDS cannot be planned$/);
  expect(lines[2]).toBe(
    "> blocked: replace oci\\_identity\\_domain.Domain: its clients lose their id and secret<br>privilege hello.read is in the way",
  );
});

test("nothing that is not blocked says so", () => {
  const fine = { ...review, refusal: undefined };
  expect(renderReview(fine) + renderReviewMarkdown(fine)).not.toMatch(/blocked/i);
});

test("a line break is one in Markdown too, and no name drives a terminal or becomes markup", () => {
  const markdown = renderReviewMarkdown(review);
  expect(markdown).not.toContain("\\u000a");
  expect(markdown.match(/<b>/g)).toEqual(markdown.match(/`[^`\n]*<b>[^`\n]*`/g)?.map(() => "<b>"));
  expect(renderReview(review) + markdown).not.toMatch(/[\u0080-\u009f\u202a-\u202e]/);
});
