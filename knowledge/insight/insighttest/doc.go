// Package insighttest has made-up messages to hold masking to: some with personal data of which every part is known, and some with none.
package insighttest
