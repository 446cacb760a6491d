// Package xmlops edits one XML document without touching a byte that the edit does not need.
//
// A [Document] keeps the bytes of every node beside an etree tree. What is not edited is copied, never
// printed: no comment, quote, line end, blank or encoding changes. The invariants, each one a test:
//
//   - The tokens of a document tile it: concatenated they are the input.
//   - A document without an applied change gives back its bytes.
//   - Bytes outside the reported edits are equal to the source.
//   - Applying an [Op] twice equals applying it once.
//   - Uncommenting a commented-out element gives the element back.
//   - What is accepted, a conforming namespace-aware XML 1.0 parser accepts.
package xmlops
