//go:build race

package bot_test

// raced is true where memory accesses are watched, which makes everything many times slower.
const raced = true
