// Package bottest holds implementations of what the engine needs of a database to its contracts.
package bottest
