package knowledge

import (
	"bytes"
	"crypto/sha256"
	"encoding/gob"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
)

// trainingVersion is part of what is kept. It is raised whenever the same FAQ is learnt otherwise than before: by other features, weights, trials
// or priors. What another version kept is learnt anew.
const trainingVersion = 2

// kept is what training made of a FAQ, as it lies in a file.
type kept struct {
	Print   uint64
	Models  []keptModel // by entry; none where the FAQ is too large to learn from
	Mixture mixture
	Bias    float64
	Weights [coefficients]float64
	Bands   Bands
	Aim     Aim
	Samples []keptSample
}

// keptModel is a [model]; one without weights stands for none.
type keptModel struct {
	Bias, Scale      float32
	Weights, Opposed []byte // of int8
	Foreign          []feature
}

type keptSample struct {
	Signals                    signals
	Right, Answerable, Offered bool
	Weight                     float64
}

// keep writes what was learnt to the file for it, so that after a restart it need not be learnt again. It is a cache: failing costs time only.
func (m *Matcher) keep(s snapshot, models []*model, now learned) {
	if m.options.Learnt == "" {
		return
	}
	k := kept{Print: s.print, Mixture: now.mixture, Bias: now.calibration.bias, Weights: now.calibration.weights, Bands: now.bands, Aim: now.aim}
	for _, model := range models {
		var one keptModel
		if model != nil {
			one = keptModel{model.bias, model.scale, unsigned(model.weights), unsigned(model.opposed), model.foreign}
		}
		k.Models = append(k.Models, one)
	}
	for _, s := range now.samples {
		k.Samples = append(k.Samples, keptSample{s.signals, s.right, s.answerable, s.offered, s.weight})
	}
	if err := k.write(m.options.Learnt); err != nil && !errors.Is(err, fs.ErrNotExist) { // there is no folder where nothing is to be kept
		m.options.Logger.Warn("what was learnt of the FAQ cannot be kept; it is learnt again at the next start", "error", err)
	}
}

// recall puts to use what is kept of the very same FAQ and verdicts, and reports whether there was.
func (m *Matcher) recall(s snapshot) bool {
	if m.options.Learnt == "" {
		return false
	}
	k, err := readKept(m.options.Learnt)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		m.options.Logger.Warn("what was kept of the FAQ cannot be read; it is learnt again", "error", err)
	}
	if err != nil || k.Print != s.print || !k.fits(s.documents) {
		return false
	}
	if k.Models != nil {
		models := make([]*model, len(k.Models))
		for i, one := range k.Models {
			if one.Weights != nil {
				models[i] = &model{one.Bias, one.Scale, signed(one.Weights), one.Foreign, signed(one.Opposed)}
			}
		}
		s.install(models)
	}
	now := learned{mixture: k.Mixture, calibration: calibration{k.Bias, k.Weights}, bands: k.Bands, aim: k.Aim}
	for _, s := range k.Samples {
		now.samples = append(now.samples, sample{signals: s.Signals, right: s.Right, answerable: s.Answerable, offered: s.Offered, weight: s.Weight})
	}
	m.settle(now, s.print)
	return true
}

// fits says whether every weight has a feature that it is of.
func (k kept) fits(documents []*document) bool {
	if k.Models != nil && len(k.Models) != len(documents) {
		return false
	}
	for i, one := range k.Models {
		if one.Weights != nil && len(one.Weights) != len(documents[i].features) || len(one.Opposed) != len(one.Foreign) {
			return false
		}
	}
	return true
}

// write replaces the file as a whole: who reads it meanwhile sees the old or the new one. A checksum comes first.
func (k kept) write(path string) error {
	var b bytes.Buffer
	if err := gob.NewEncoder(&b).Encode(k); err != nil {
		return fmt.Errorf("write %s: %w", path, err)
	}
	f, err := os.CreateTemp(filepath.Dir(path), filepath.Base(path)+".*")
	if err != nil {
		return fmt.Errorf("write what was learnt: %w", err)
	}
	sum := sha256.Sum256(b.Bytes())
	_, err = f.Write(append(sum[:], b.Bytes()...))
	if err = errors.Join(err, f.Close()); err == nil {
		err = os.Rename(f.Name(), path)
	}
	if err != nil {
		return fmt.Errorf("write what was learnt: %w", errors.Join(err, os.Remove(f.Name())))
	}
	return nil
}

func readKept(path string) (k kept, err error) {
	b, err := os.ReadFile(path)
	if err != nil {
		return kept{}, fmt.Errorf("read what was learnt: %w", err)
	}
	if len(b) < sha256.Size || sha256.Sum256(b[sha256.Size:]) != [sha256.Size]byte(b[:sha256.Size]) {
		return kept{}, fmt.Errorf("%s is not as it was written", path)
	}
	if err := gob.NewDecoder(bytes.NewReader(b[sha256.Size:])).Decode(&k); err != nil {
		return kept{}, fmt.Errorf("read %s: %w", path, err)
	}
	return k, nil
}

func unsigned(list []int8) []byte {
	out := make([]byte, len(list))
	for i, x := range list {
		out[i] = byte(x)
	}
	return out
}

func signed(list []byte) []int8 {
	out := make([]int8, len(list))
	for i, x := range list {
		out[i] = int8(x)
	}
	return out
}
