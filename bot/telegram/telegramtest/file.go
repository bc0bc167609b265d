package telegramtest

import (
	"fmt"
	"net/http"
	"strings"
)

// maxDownload is the largest file that getFile gives, in bytes.
const maxDownload = 20 << 20

type file struct {
	id, kind, name, mime string
	emoji                string
	size                 int64
	data                 []byte
}

func (w *world) newFile(kind, name, mime string, data []byte) *file {
	n := w.next()
	f := &file{id: fmt.Sprintf("AgAD%s_%06d-telegramtest", kind, n), kind: kind, name: name, mime: mime, size: int64(len(data)), data: data}
	w.files[f.id] = f
	return f
}

func (f *file) path() string { return fmt.Sprintf("%ss/%s", f.kind, f.id) }

// json is the file as an object of its kind.
func (f *file) json() obj {
	out := obj{"file_id": f.id, "file_unique_id": "u" + f.id[4:], "file_size": f.size}
	switch f.kind {
	case "photo":
		out["width"], out["height"] = 1280, 720
		return out
	case "sticker":
		out["type"], out["width"], out["height"], out["is_animated"], out["is_video"] = "regular", 512, 512, false, false
		out["emoji"] = f.emoji
		return out
	case "video", "animation":
		out["width"], out["height"], out["duration"] = 1280, 720, 3
	case "video_note":
		out["length"], out["duration"] = 240, 3
		return out
	case "voice", "audio":
		out["duration"] = 3
	}
	if f.mime != "" {
		out["mime_type"] = f.mime
	}
	if f.name != "" && f.kind != "voice" {
		out["file_name"] = f.name
	}
	return out
}

// media is the file as the content of a message: a picture comes in several sizes, an animation is a document too.
func (f *file) media() media {
	m := media{kind: f.kind, name: f.name, size: f.size, value: f.json()}
	switch f.kind {
	case "photo":
		small := f.json()
		small["file_id"], small["file_unique_id"], small["width"], small["height"] = f.id+"s", "u"+f.id[4:]+"s", 90, 51
		delete(small, "file_size")
		m.value = []obj{small, f.json()}
	case "animation":
		document := f.json()
		for _, field := range []string{"width", "height", "duration"} {
			delete(document, field)
		}
		m.others = obj{"document": document}
	}
	return m
}

func (s *Server) getFile(c *call) (any, *apiError) {
	f := s.world.files[c.params["file_id"]]
	if f == nil {
		return nil, badRequest("wrong file_id or the file is temporarily unavailable")
	}
	if f.size > maxDownload {
		return nil, badRequest("file is too big")
	}
	return obj{"file_id": f.id, "file_unique_id": "u" + f.id[4:], "file_size": f.size, "file_path": f.path()}, nil
}

// serveFile gives a file; a [Fault] on "file" meets it.
func (s *Server) serveFile(w http.ResponseWriter, r *http.Request, path string) {
	token, path, _ := strings.Cut(path, "/")
	if token != botToken {
		writeError(w, failure(http.StatusUnauthorized, "Unauthorized"))
		return
	}
	_, id, _ := strings.Cut(path, "/")
	s.mu.Lock()
	f := s.world.files[id]
	fault, failing := s.takeFault("file")
	s.mu.Unlock()
	if failing {
		fault.answer(w, r, s.closing, nil)
		return
	}
	if f == nil || f.path() != path {
		writeError(w, failure(http.StatusNotFound, "Not Found"))
		return
	}
	w.Header().Set("Content-Type", "application/octet-stream")
	_, _ = w.Write(f.data)
}
