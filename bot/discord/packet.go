package discord

import (
	"bytes"
	"encoding/json"
	"errors"
	"time"
)

// renamedPrefix is put before the type of an event: the library then does not know it, so it does not decode it into its own types (a
// GUILD_CREATE without a body, or a READY with a null among the servers, ends the process), and hands it on raw all the same.
const renamedPrefix = "faqbot:"

// packet is what goes over the gateway.
type packet struct {
	Op   int             `json:"op"`
	Seq  json.RawMessage `json:"s"`
	Type json.RawMessage `json:"t"`
	Data json.RawMessage `json:"d"`
}

// The operations of the gateway.
const (
	opDispatch  = 0
	opHeartbeat = 1
	opReconnect = 7
	opInvalid   = 9
	opHello     = 10
	opAck       = 11
)

// packet decides about one message of the gateway: what the library gets of it, if anything, or an error that ends the connection.
//
//   - null, or what is no object, or an event without a type: the library would dereference nil. Dropped.
//   - 7: as the first packet the library waits for its own lock for ever; later it closes by itself. The connection is cut, the shard resumes.
//   - 9: the library identifies at once and uncounted. The connection is cut, the shard resumes or begins anew.
//   - 10: an interval that is not positive ends the process in the library's ticker. Checked.
//   - events: renamed, so that the library does not decode them; a missing number keeps the last one.
func (w *wire) packet(raw []byte) error {
	var p packet
	if json.Unmarshal(raw, &p) != nil {
		return nil
	}
	switch p.Op {
	case opDispatch:
		w.dispatch(p)
	case opHeartbeat, opAck:
		w.encode(map[string]any{"op": p.Op})
	case opReconnect:
		return errors.New("Discord asked to reconnect")
	case opInvalid:
		resumable := bytes.Equal(bytes.TrimSpace(p.Data), []byte("true"))
		w.mark(func(e *ending) { e.lost = !resumable })
		return errors.New("the session is not valid any more")
	case opHello:
		return w.hello(p)
	}
	return nil
}

func (w *wire) hello(p packet) error {
	var h struct {
		Interval float64 `json:"heartbeat_interval"`
	}
	if json.Unmarshal(p.Data, &h) != nil || h.Interval < 1000 || h.Interval > float64(time.Hour.Milliseconds()) {
		return errors.New("HELLO without a heartbeat that can be kept")
	}
	w.identify()
	w.encode(map[string]any{"op": opHello, "d": map[string]int64{"heartbeat_interval": int64(h.Interval)}})
	return nil
}

func (w *wire) dispatch(p packet) {
	var kind string
	if json.Unmarshal(p.Type, &kind) != nil || kind == "" {
		return
	}
	var seq int64
	if json.Unmarshal(p.Seq, &seq) == nil && seq > 0 {
		w.seq.Store(seq)
	}
	if len(p.Data) == 0 {
		p.Data = json.RawMessage("null")
	}
	out := map[string]any{"op": opDispatch, "s": w.seq.Load(), "t": renamedPrefix + kind, "d": p.Data}
	switch kind {
	case "READY":
		var ready struct {
			Session string `json:"session_id"`
		}
		if json.Unmarshal(p.Data, &ready) != nil || ready.Session == "" {
			return // without it there is nothing to resume; the deadline ends this
		}
		w.mark(func(e *ending) { e.ready = true })
		out["t"], out["d"] = kind, map[string]any{"session_id": ready.Session, "faqbot": p.Data}
	case "RESUMED":
		w.mark(func(e *ending) { e.ready = true })
		out["t"], out["d"] = kind, map[string]any{}
	}
	w.encode(out)
}

func (w *wire) encode(v any) {
	raw, err := json.Marshal(v)
	if err != nil {
		return // cannot be: every part was decoded before
	}
	w.pass(raw)
}
