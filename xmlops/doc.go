// Package xmlops edits one XML document without touching a byte that the edit does not need.
//
// A [Document] keeps the bytes of every node beside an etree tree. What is not edited is copied, never
// printed: no comment, quote, line end, blank or encoding changes. The invariants, each one a test:
//
//   - The tokens of a document tile it: concatenated they are the input.
//   - A document without an applied change gives back its bytes.
//   - Bytes outside the reported edits are equal to the source.
//   - Applying an [Op] twice equals applying it once.
//   - Operations that undo each other give back every byte: set and set back, insert and remove, comment and uncomment,
//     and for the fused shape uncomment and comment. There are two exceptions, in which the document does not show what
//     was there: an empty-element tag that got content stays a pair of tags, and a value that was spelled otherwise than
//     it would be written (&#65; for A) gets the usual spelling.
//   - What is accepted, a conforming namespace-aware XML 1.0 parser accepts.
package xmlops
