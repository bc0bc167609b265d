package index_test

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"faqbot/faq"
	"faqbot/knowledge"
	"faqbot/knowledge/index"
)

// shelved makes an index of several segments with 40 entries at cursor 4, closed.
func shelved(t testing.TB) string {
	t.Helper()
	dir := t.TempDir()
	x := opened(t, dir, index.Options{})
	changes := plants(40).changes()
	for i := range 4 {
		apply(t, x, faq.Cursor(1+i), changes[10*i:10*i+10]...)
	}
	closed(t, x)
	return dir
}

// works checks that an index takes everything and finds it, and that the folder is used again afterwards.
func works(t testing.TB, dir string, x *index.Index) {
	t.Helper()
	cursor := x.Cursor()
	if cursor != 0 && cursor != 4 {
		t.Fatalf("cursor %d, want that of a new index or of the one that was closed", cursor)
	}
	if cursor == 0 {
		apply(t, x, 4, plants(40).changes()...)
	}
	apply(t, x, 5, live(entry("new", "Where is the zebra?", "In the zoo.")))
	for word, want := range map[string]string{"model17": "[e00017]", "zebra": "[new]"} {
		if ids := fmt.Sprint(found(t, x, word)); ids != want {
			t.Errorf("%s: found %s, want %s", word, ids, want)
		}
	}
	if _, err := x.Search(t.Context(), []knowledge.Term{{Text: "modle17", Weight: 1, Misspelt: true}}, 10); err != nil {
		t.Errorf("a misspelt word: %v", err)
	}
	closed(t, x)
	again := opened(t, dir, index.Options{})
	if again.Cursor() != 5 {
		t.Errorf("cursor %d after reopening, want 5: the folder is not used any more", again.Cursor())
	}
	closed(t, again)
}

func TestOpen_FolderInUse(t *testing.T) {
	t.Parallel()
	dir := shelved(t)
	first := opened(t, dir, index.Options{})
	var log logged
	began := time.Now()
	second := opened(t, dir, index.Options{Logger: log.logger()})
	if took := time.Since(began); took > 10*time.Second {
		t.Errorf("opening took %v", took)
	}
	if !log.has("in use") || !log.has("memory") {
		t.Errorf("the log does not say that the folder is in use and the index in memory: %s", log.String())
	}
	if second.Cursor() != 0 {
		t.Errorf("cursor %d of an index in memory, want 0", second.Cursor())
	}
	apply(t, second, 9, live(entry("other", "Where is the yak?", "Here.")))
	if ids := found(t, first, "model17"); len(ids) != 1 {
		t.Errorf("the first index finds %v", ids)
	}
	if ids := found(t, first, "yak"); len(ids) != 0 {
		t.Errorf("the first index finds what the second was given: %v", ids)
	}
	closed(t, second)
	closed(t, first)
	if third := opened(t, dir, index.Options{}); third.Cursor() != 4 {
		t.Errorf("cursor %d afterwards, want 4", third.Cursor())
	}
}

func TestOpen_TruncatedSegment(t *testing.T) {
	t.Parallel()
	whole := shelved(t)
	for _, kept := range []float64{0, 0.01, 0.1, 0.25, 0.5, 0.75, 0.9, 0.99} {
		t.Run(fmt.Sprintf("%v of every segment is left", kept), func(t *testing.T) {
			t.Parallel()
			dir := copied(t, whole)
			cut := 0
			for _, path := range files(t, dir) {
				if info, err := os.Stat(path); err == nil && strings.HasSuffix(path, ".zap") {
					cut++
					if err := os.Truncate(path, int64(kept*float64(info.Size()))); err != nil {
						t.Fatal(err)
					}
				}
			}
			if cut == 0 {
				t.Fatal("there is no segment to cut")
			}
			var log logged
			x := opened(t, dir, index.Options{Logger: log.logger()})
			if x.Cursor() != 0 || !log.has("anew") {
				t.Errorf("cursor %d; log: %s", x.Cursor(), log.String())
			}
			works(t, dir, x)
		})
	}
}

func TestOpen_Garbage(t *testing.T) {
	t.Parallel()
	whole := shelved(t)
	contents := map[string][]byte{
		"text": []byte(strings.Repeat("this is no database ", 3000)), "nothing": {}, "zeros": make([]byte, 64<<10), "one byte": {1},
	}
	for _, file := range files(t, whole) {
		name, err := filepath.Rel(whole, file)
		if err != nil {
			t.Fatal(err)
		}
		for what, content := range contents {
			t.Run(what+" in "+filepath.Base(name), func(t *testing.T) {
				t.Parallel()
				dir := copied(t, whole)
				if err := os.WriteFile(filepath.Join(dir, name), content, 0o600); err != nil {
					t.Fatal(err)
				}
				works(t, dir, opened(t, dir, index.Options{}))
			})
		}
		t.Run("without "+filepath.Base(name), func(t *testing.T) {
			t.Parallel()
			dir := copied(t, whole)
			if err := os.Remove(filepath.Join(dir, name)); err != nil {
				t.Fatal(err)
			}
			works(t, dir, opened(t, dir, index.Options{}))
		})
	}
}

// TestOpen_FlippedByte flips bytes all over every file: whatever was there, all is found afterwards.
func TestOpen_FlippedByte(t *testing.T) {
	t.Parallel()
	whole := shelved(t)
	for _, file := range files(t, whole) {
		name, err := filepath.Rel(whole, file)
		if err != nil {
			t.Fatal(err)
		}
		t.Run(filepath.Base(name), func(t *testing.T) {
			t.Parallel()
			content, err := os.ReadFile(filepath.Join(whole, name))
			if err != nil {
				t.Fatal(err)
			}
			for at := 0; at < len(content); at += 1 + len(content)/12 {
				dir := copied(t, whole)
				flipped := append([]byte{}, content...)
				flipped[at] ^= 0xff
				if err := os.WriteFile(filepath.Join(dir, name), flipped, 0o600); err != nil {
					t.Fatal(err)
				}
				works(t, dir, opened(t, dir, index.Options{}))
			}
		})
	}
}

func TestOpen_FolderCannotBeUsed(t *testing.T) {
	t.Parallel()
	t.Run("a file stands in its place", func(t *testing.T) {
		t.Parallel()
		path := filepath.Join(t.TempDir(), "index")
		if err := os.WriteFile(path, []byte("in the way"), 0o600); err != nil {
			t.Fatal(err)
		}
		inMemory(t, path)
	})
	t.Run("it is read-only and empty", func(t *testing.T) {
		t.Parallel()
		inMemory(t, readOnly(t, t.TempDir()))
	})
	t.Run("it is read-only and holds an index", func(t *testing.T) {
		t.Parallel()
		dir := shelved(t)
		for _, path := range folders(t, dir) {
			readOnly(t, filepath.Join(path, "store"))
			readOnly(t, path)
		}
		inMemory(t, readOnly(t, dir))
	})
}

// readOnly takes away the right to write in a folder, except from root, who has it anyway.
func readOnly(t *testing.T, dir string) string {
	t.Helper()
	if os.Geteuid() == 0 {
		t.Skip("SKIPPED: root may write everywhere")
	}
	if err := os.Chmod(dir, 0o500); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = os.Chmod(dir, 0o700) })
	return dir
}

// inMemory checks that an index in a folder that cannot be used works all the same, and says so.
func inMemory(t *testing.T, dir string) {
	t.Helper()
	var log logged
	x := opened(t, dir, index.Options{Logger: log.logger()})
	if !log.has("memory") {
		t.Errorf("the log does not say that the index is in memory: %s", log.String())
	}
	apply(t, x, 4, plants(40).changes()...)
	if ids := found(t, x, "model17"); len(ids) != 1 {
		t.Errorf("found %v", ids)
	}
	closed(t, x)
}

func TestOpen_AnotherDatabase(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	x := opened(t, dir, index.Options{Database: "one"})
	apply(t, x, 7, plants(5).changes()...)
	closed(t, x)
	old := folders(t, dir)
	x = opened(t, dir, index.Options{Database: "two"})
	if x.Cursor() != 0 {
		t.Errorf("cursor %d in an index of another database, want 0", x.Cursor())
	}
	if ids := found(t, x, "model3"); len(ids) != 0 {
		t.Errorf("found %v of another database", ids)
	}
	if now := folders(t, dir); len(old) != 1 || len(now) != 1 || old[0] == now[0] {
		t.Errorf("folders were %v and are %v; want one other", old, now)
	}
}

func TestOpen_LeavesAnOldFolderThatIsInUse(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	first := opened(t, dir, index.Options{Database: "one"})
	apply(t, first, 1, plants(5).changes()...)
	second := opened(t, dir, index.Options{Database: "two"})
	apply(t, second, 1, plants(5).changes()...)
	apply(t, first, 2, live(entry("new", "Where is the zebra?", "In the zoo.")))
	if ids := found(t, first, "zebra"); len(ids) != 1 {
		t.Errorf("found %v", ids)
	}
	closed(t, first)
	if x := opened(t, dir, index.Options{Database: "one"}); x.Cursor() != 2 {
		t.Errorf("cursor %d of the index that was in use, want 2", x.Cursor())
	}
}

func TestIndex_CloseTwice(t *testing.T) {
	t.Parallel()
	for _, dir := range []string{"", t.TempDir()} {
		x := opened(t, dir, index.Options{})
		apply(t, x, 1, plants(3).changes()...)
		closed(t, x)
		closed(t, x)
	}
}
