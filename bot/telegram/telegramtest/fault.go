package telegramtest

import (
	"net"
	"net/http"
	"strings"
)

// Fault is how the platform or the way to it fails at one call. Make one with the functions below.
type Fault struct {
	method string
	// performed faults happen after the call took effect: the bot cannot tell from a lost request.
	performed bool
	do        func(w http.ResponseWriter, r *http.Request, closing <-chan struct{}, result any)
}

// On limits a fault to a method; without it a fault meets the next message sent or edited.
func (f Fault) On(method string) Fault {
	f.method = method
	return f
}

// Fail makes the next calls fail, each fault once, in order.
func (s *Server) Fail(faults ...Fault) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.faults = append(s.faults, faults...)
}

func (s *Server) takeFault(method string) (Fault, bool) {
	for i, f := range s.faults {
		if f.method == method || f.method == "" && isSend(method) {
			s.faults = append(s.faults[:i:i], s.faults[i+1:]...)
			return f, true
		}
	}
	return Fault{}, false
}

func isSend(method string) bool {
	return strings.HasPrefix(method, "send") && method != "sendChatAction" || strings.HasPrefix(method, "editMessage") || method == "copyMessage"
}

func (f Fault) answer(w http.ResponseWriter, r *http.Request, closing <-chan struct{}, result any) {
	f.do(w, r, closing, result)
}

// Refusal answers with an error of the platform's own making.
func Refusal(code int, description string) Fault {
	return refusal(failure(code, description))
}

func refusal(e *apiError) Fault {
	return Fault{do: func(w http.ResponseWriter, _ *http.Request, _ <-chan struct{}, _ any) { writeError(w, e) }}
}

// Pass is no fault: the call it meets goes well. It lets those after it fail.
func Pass() Fault {
	return Fault{performed: true, do: func(w http.ResponseWriter, _ *http.Request, _ <-chan struct{}, result any) { writeResult(w, result) }}
}

// TooMany answers 429 with retry_after.
func TooMany(seconds int) Fault { return refusal(tooMany(seconds)) }

// Page answers with a status and a page of HTML, as proxies in front of the platform do.
func Page(status int) Fault {
	return Fault{do: func(w http.ResponseWriter, _ *http.Request, _ <-chan struct{}, _ any) {
		w.Header().Set("Content-Type", "text/html")
		w.WriteHeader(status)
		_, _ = w.Write([]byte("<html>\r\n<head><title>" + http.StatusText(status) + "</title></head>\r\n<body>nginx</body>\r\n</html>"))
	}}
}

// Hang never answers; the call has no effect.
func Hang() Fault { return Fault{do: hang} }

func hang(_ http.ResponseWriter, r *http.Request, closing <-chan struct{}, _ any) {
	select {
	case <-r.Context().Done():
	case <-closing:
	}
}

// Reset cuts the connection without an answer; the call has no effect.
func Reset() Fault { return Fault{do: reset} }

func reset(w http.ResponseWriter, _ *http.Request, _ <-chan struct{}, _ any) {
	connection, _, err := http.NewResponseController(w).Hijack()
	if err != nil {
		panic(http.ErrAbortHandler)
	}
	if tcp, ok := connection.(*net.TCPConn); ok {
		_ = tcp.SetLinger(0)
	}
	_ = connection.Close()
}

// Silence performs the call and never answers.
func Silence() Fault { return Fault{performed: true, do: hang} }

// LostAnswer performs the call and cuts the connection.
func LostAnswer() Fault { return Fault{performed: true, do: reset} }

// CutJSON performs the call and answers with half of the JSON.
func CutJSON() Fault {
	return Fault{performed: true, do: func(w http.ResponseWriter, _ *http.Request, _ <-chan struct{}, result any) {
		w.Header().Set("Content-Type", "application/json")
		body := resultBody(result)
		_, _ = w.Write(body[:len(body)/2])
	}}
}

// CutBody performs the call and closes the connection in the middle of the answer.
func CutBody() Fault {
	return Fault{performed: true, do: func(w http.ResponseWriter, _ *http.Request, _ <-chan struct{}, result any) {
		body := resultBody(result)
		_, _ = w.Write(body[:len(body)/2])
		_ = http.NewResponseController(w).Flush()
		panic(http.ErrAbortHandler)
	}}
}
