package insight

type GroupID int64
type EditKind string

const (
	MergeGroups EditKind = "merge"
	SplitGroup  EditKind = "split"
	MoveMisses  EditKind = "move"
	RenameGroup EditKind = "rename"
)

type Merger struct{ From, Into GroupID }
type Place struct {
	Group GroupID
	Part  int64
}
