package main

import (
	"context"
	"net/http"
	"time"

	"faqbot/bot"
	"faqbot/bot/channel"
	"faqbot/bot/store"
	"faqbot/knowledge"
	"faqbot/knowledge/insight/webhook"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/collectors"
	"github.com/prometheus/client_golang/prometheus/promhttp"
)

// metrics count what happens; labels are networks, kinds and fates, never people.
type metrics struct {
	registry  *prometheus.Registry
	events    *prometheus.CounterVec
	turns     prometheus.Histogram
	decisions *prometheus.CounterVec
	sends     *prometheus.CounterVec
	webhooks  *prometheus.CounterVec
	stored    *prometheus.GaugeVec
}

func newMetrics() *metrics {
	m := &metrics{
		registry: prometheus.NewRegistry(),
		events:   prometheus.NewCounterVec(prometheus.CounterOpts{Name: "faqbot_events_total", Help: "Events by network, kind and whether they were stored."}, []string{"network", "kind", "stored"}),
		turns: prometheus.NewHistogram(prometheus.HistogramOpts{Name: "faqbot_turn_seconds", Help: "Time to act on an event, its commit included.",
			Buckets: prometheus.ExponentialBuckets(0.001, 2, 14)}),
		decisions: prometheus.NewCounterVec(prometheus.CounterOpts{Name: "faqbot_decisions_total", Help: "Decisions by kind."}, []string{"kind"}),
		sends:     prometheus.NewCounterVec(prometheus.CounterOpts{Name: "faqbot_sends_total", Help: "Messages by network and fate."}, []string{"network", "fate"}),
		webhooks:  prometheus.NewCounterVec(prometheus.CounterOpts{Name: "faqbot_webhooks_total", Help: "Attempts to deliver an event to a webhook, by fate."}, []string{"fate"}),
		stored:    prometheus.NewGaugeVec(prometheus.GaugeOpts{Name: "faqbot_stored", Help: "Records that are stored, by kind."}, []string{"kind"}),
	}
	m.registry.MustRegister(m.events, m.turns, m.decisions, m.sends, m.webhooks, m.stored, collectors.NewGoCollector(), collectors.NewProcessCollector(collectors.ProcessCollectorOpts{}))
	return m
}

// serve shows the metrics, with the counts of the database as of now.
func (m *metrics) serve(s *store.Store) http.Handler {
	page := promhttp.HandlerFor(m.registry, promhttp.HandlerOpts{})
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		ctx, cancel := context.WithTimeout(r.Context(), 5*time.Second)
		defer cancel()
		if counts, err := s.Counts(ctx); err == nil {
			for kind, n := range map[string]int64{
				"entries": counts.Entries, "conversations": counts.Conversations, "open_tickets": counts.OpenTickets,
				"outbox_waiting": counts.OutboxWaiting, "outbox_failed": counts.OutboxFailed, "deferred": counts.Deferred, "set_aside": counts.SetAside,
				"webhooks_waiting": counts.WebhooksWaiting, "webhooks_failed": counts.WebhooksFailed,
			} {
				m.stored.WithLabelValues(kind).Set(float64(n))
			}
		}
		page.ServeHTTP(w, r)
	})
}

// handler counts events.
func (m *metrics) handler(h channel.Handler) channel.Handler { return countedHandler{h, m} }

type countedHandler struct {
	channel.Handler
	metrics *metrics
}

// Handle implements [channel.Handler].
func (h countedHandler) Handle(ctx context.Context, e channel.Event) error {
	began := time.Now()
	err := h.Handler.Handle(ctx, e)
	h.metrics.turns.Observe(time.Since(began).Seconds())
	stored := "yes"
	if err != nil {
		stored = "no"
	}
	h.metrics.events.WithLabelValues(string(e.Address.Network), string(e.Kind), stored).Inc()
	return err
}

// Typing implements [channel.Watcher] where what it counts for does.
func (h countedHandler) Typing(ctx context.Context, from channel.Person, at channel.Address) bool {
	watcher, ok := h.Handler.(channel.Watcher)
	return ok && watcher.Typing(ctx, from, at)
}

// channel counts sends.
func (m *metrics) channel(c channel.Channel) channel.Channel { return countedChannel{c, m} }

type countedChannel struct {
	channel.Channel
	metrics *metrics
}

// Unwrap lets [channel.As] find what the channel can do besides.
func (c countedChannel) Unwrap() channel.Channel { return c.Channel }

// Send implements [channel.Channel].
func (c countedChannel) Send(ctx context.Context, message channel.Message) (channel.MessageID, error) {
	id, err := c.Channel.Send(ctx, message)
	fate, _ := channel.FateOf(err)
	if err == nil {
		fate = "sent"
	} else if fate == "" {
		fate = "error"
	}
	c.metrics.sends.WithLabelValues(string(c.Network()), string(fate)).Inc()
	return id, err
}

// attempted counts an attempt to deliver an event.
func (m *metrics) attempted(f webhook.Fate) { m.webhooks.WithLabelValues(string(f)).Inc() }

// matcher counts decisions.
func (m *metrics) matcher(inner *knowledge.Matcher) bot.Matcher { return countedMatcher{inner, m} }

type countedMatcher struct {
	*knowledge.Matcher
	metrics *metrics
}

// Decide implements [bot.Matcher].
func (c countedMatcher) Decide(ctx context.Context, q knowledge.Question) ([]knowledge.Decision, error) {
	decisions, err := c.Matcher.Decide(ctx, q)
	for _, d := range decisions {
		c.metrics.decisions.WithLabelValues(string(d.Kind)).Inc()
	}
	return decisions, err
}
