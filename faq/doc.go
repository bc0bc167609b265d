// Package faq holds what a business publishes: entries, their history, and the rules by which an editor changes them.
//
// An [Entry] is content. A [Revision] is one state of it in time, with who and when; its Live field names the
// revision that customers are served, so a draft can be written while the published text stays in use, and undo is
// exact. The [Editor] is the only way in: it validates, warns, detects that two people edited at once, and appends.
// Nothing is ever overwritten.
package faq
