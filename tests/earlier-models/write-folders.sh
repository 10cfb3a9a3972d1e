#!/usr/bin/env bash
# Writes semantics.pt, scripts/ and strict/ with the gmt command of commit 57650c7, whose gmt.dll is the argument.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")"
program=$1
gmt() { dotnet "$program" "$@"; }
shape=(--rel_semantic_path semantics.pt --graph_dim 16 --sgm_layers 1 --sgm_heads 2 --top_k 3)
steps=(--epochs 60 --batch_size 16 --num_neg 8 --lr 1e-2)
memory=(--num_memory_tokens 4 --memory_heads 2 --lora_r 4 --lora_alpha 8 --train_cross_attn_base --no_train_on_inputs)
rm -rf scripts strict

gmt build_rel_semantics --relation2id graph/relation2id.txt --definitions definitions.json --model_name sentence-model --output_path semantics.pt

gmt pretrain_gmt --kg_dir graph "${shape[@]}" --add_inverse "${steps[@]}" --output_dir scripts/sgm
gmt finetune_gmt --base_model base --kg_dir graph "${shape[@]}" --add_inverse --sgm_ckpt scripts/sgm/sgm_state.pth --data_path train.json "${memory[@]}" \
  --memory_layers 2,4 --memory_layers_1based --mask_query --batch_size 8 --micro_batch_size 4 --num_epochs 90 --learning_rate 1e-2 --val_set_size 8 \
  --prompt_template_name alpaca_short --output_dir scripts/gmt

gmt pretrain --kg_dir graph "${shape[@]}" "${steps[@]}" --output_dir strict/sgm
gmt finetune --base_model base --kg_dir graph --sgm_ckpt strict/sgm/sgm_state.pth --examples labels "${memory[@]}" --memory_layers 1,3 \
  --batch_size 8 --micro_batch_size 8 --num_epochs 60 --learning_rate 3e-3 --gate_factor 10 --add_eos_token --output_dir strict/gmt

# Interrupted while it trains: this leaves training.safetensors.
timeout --foreground -s INT 3 dotnet "$program" pretrain --kg_dir graph "${shape[@]}" --epochs 200 --checkpoint_seconds 0 --output_dir strict/interrupted || true
