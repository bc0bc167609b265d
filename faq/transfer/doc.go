// Package transfer moves entries between faqbot and files: CSV, XLSX, JSON, YAML, a folder of Markdown, and the
// FAQPage markup of a web page.
//
// Reading gives a [Document], or one Invalid fault that lists every problem with file, line and field. A [Plan] says
// what a document would change in a store, and applies all of it or nothing; a [Sync] does the same for a folder and a
// store that are both edited.
//
// A round trip through any of the five formats that are written gives back the identical entry. Where a format's
// readable form cannot carry a value exactly, the value is written in an escaped form beside it; each writer reads its
// own readable form back before it relies on it.
package transfer
