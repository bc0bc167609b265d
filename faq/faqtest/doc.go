// Package faqtest has a [faq.Store] in memory and the suite that every implementation of faq.Store passes.
package faqtest
